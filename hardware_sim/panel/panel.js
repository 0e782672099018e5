/* The panel: draws the state that the server pushes, and sends what a hand does. Nothing here decides anything. */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const svgText = (selector, text) => { const node = $(selector); if (node.textContent !== text) node.textContent = text; };
const vocabulary = JSON.parse($("#vocabulary").textContent);
const faults = new Map(vocabulary.faults.map((fault) => [fault.name, fault]));
const here = (device) => device in vocabulary.devices;
const name = (device) => vocabulary.devices[device].toLowerCase();
const PHASES = { before: "akan mulai", transfer: "menerima data", printing: "mencetak", exit: "mengeluarkan hasil", after: "baru selesai" };
const TIMES = { 1: "sekali", 3: "3 kali", null: "setiap kali" };
let world = null;

// -- talking to the server

async function post(path, body = {}) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "X-Panel": "1" }, body: JSON.stringify(body) })
    .catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : { error: "Panel tidak menjawab." };
  if (!answer || !answer.ok) toast(said.error || "Tidak bisa.");
  return said;
}

let toastTimer = 0;
function toast(text) {
  const box = $("#toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 4000);
}

function line(state, words) {
  document.body.dataset.line = state;
  $("#line").textContent = words;
}

const events = new EventSource("/events");
events.onmessage = (event) => { line("live", "Langsung dari mesin"); draw(JSON.parse(event.data)); };
events.onerror = () => line("lost", "Terputus, menyambung lagi …");

// -- the machine

function draw(next) {
  world = next;
  const says = (device) => world.devices[device] || { health: "gone" };
  drawReceipt(says("receipt"));
  drawCard(says("card"), world.devices.dispenser);
  drawPaper(says("paper"));
  drawCabinet(here("cabinet") ? says("cabinet") : null);
  drawPower(here("ups") ? says("ups") : null, says("machine"));
  drawReader(says("cards"));
  drawNow();
  drawFaults();
  drawOut();
}

function picture(node, device, file) {
  const href = file ? `/out/${device}/${file}?side=480` : "";
  if (node.getAttribute("href") !== href) node.setAttribute("href", href);
}

function able(act, can) { $(`[data-act=${act}]`).classList.toggle("no", !can); }

function lies(id, act, there) {
  $(id).classList.toggle("away", !there);
  $(`[data-act=${act}]`).classList.toggle("has", there);
  able(act, there);
}

function drawReceipt() {
  if (world.receipt) picture($("#receipt-picture"), "receipt", world.receipt);
  lies("#receipt", "take_receipt", Boolean(world.receipt));
}

function drawCard(card, dispenser) {
  const place = card.position || "none";
  if (place === "exit") picture($("#card-picture"), "card", world.card);
  lies("#card-out", "take_card", place === "exit");
  const traveller = $("#traveller");
  const jammed = (card.conditions || []).includes("media_jam");
  const heights = { none: 676, inside: 618, station: 566, exit: 526 };
  traveller.style.transform = `translate(300px, ${heights[place] ?? 676}px)`;
  traveller.classList.toggle("there", place === "inside" || place === "station");
  traveller.classList.toggle("jammed", jammed);
  for (const stop of $$(".stop")) stop.classList.toggle("here", stop.dataset.stop === place);
  svgText("#card-stock", `${(dispenser ? dispenser.stacker : card.stock) ?? "?"}`);
  svgText("#card-feeder", dispenser ? "Penyalur" : "");
  svgText("#bin-count", `${card.reject_bin ?? "?"}`);
  able("empty_bin", card.reject_bin > 0);
}

function drawPaper(paper) {
  const count = paper.output || 0;
  if (count) picture($("#paper-picture"), "paper", world.paper);
  lies("#paper", "take_paper", count > 0);
  $("#paper .second").classList.toggle("away", count < 2);
  $("#paper .third").classList.toggle("away", count < 3);
  $("#paper-count").classList.toggle("away", count < 2);
  svgText("#paper-count text", `${count}`);
  svgText("#paper-stock", `${paper.stock ?? "?"} lembar`);
}

function drawCabinet(cabinet) {
  const lit = cabinet ? cabinet.lit || [] : [];
  for (const lamp of $$("[data-lamp]")) lamp.classList.toggle("lit", lit.includes(lamp.dataset.lamp));
  const open = cabinet ? cabinet.open_doors || [] : [];
  for (const door of $$("[data-door]")) door.classList.toggle("open", open.includes(door.dataset.door));
  for (const handle of $$(".handle")) handle.classList.toggle("open", open.includes(handle.dataset.which));
  for (const part of $$("[data-act=press_call], [data-act=key], .handle")) part.style.display = cabinet ? "" : "none";
  if (!cabinet) return;
  $("[data-act=press_call]").classList.toggle("pressed", Boolean(cabinet.call_pressed));
  $("[data-act=key]").classList.toggle("turned", Boolean(cabinet.key_in_service));
  svgText("#key-word", cabinet.key_in_service ? "Kunci servis" : "Kunci normal");
}

const upsWords = (ups) => ((ups.variables || {})["ups.status"] || "").split(" ");

function drawPower(ups, machine) {
  $("#battery").style.display = ups ? "" : "none";
  $("#machine").classList.toggle("dark", machine.power === false);
  const on = !ups || !upsWords(ups).includes("OB");
  $("[data-act=mains]").classList.toggle("off", !on);
  able("mains", Boolean(ups));
  svgText("#mains-word", machine.power === false ? "Listrik mesin putus" : on ? "PLN menyala" : "PLN padam");
  if (!ups) return;
  const charge = Number((ups.variables || {})["battery.charge"] || 0);
  $("#charge").style.width = `${(38 * charge) / 100}px`;
  $("#battery").classList.toggle("low", upsWords(ups).includes("LB"));
  svgText("#battery-word", ups.plugged === false ? "Baterai tercabut" : `Baterai ${charge} %`);
}

function drawReader(cards) {
  const slot = (cards.slots || {}).operator || {};
  $("#staff-card").classList.toggle("away", !slot.card);
}

// -- acts at the machine

const ACTS = {
  door: (part) => {
    const open = (world.devices.cabinet.open_doors || []).includes(part.dataset.which);
    return post(open ? "/act/close_door" : "/act/open_door", { door: part.dataset.which });
  },
  key: () => post("/act/key", { on: !world.devices.cabinet.key_in_service }),
  mains: () => post(upsWords(world.devices.ups || {}).includes("OB") ? "/act/restore_mains" : "/act/cut_mains"),
  reader: () => {
    if (((world.devices.cards.slots || {}).operator || {}).card) return post("/act/remove");
    return $("#reader").showModal();
  },
  scan: () => openScan(),
  refill_cards: () => post(world.devices.dispenser ? "/act/refill_dispenser" : "/act/refill_cards"),
};

function act(part) {
  if (!world || part.classList.contains("no")) return;
  (ACTS[part.dataset.act] || (() => post(`/act/${part.dataset.act}`)))(part);
}

for (const part of $$(".part")) {
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = part.getAttribute("aria-label");
  part.prepend(title);
  part.addEventListener("click", () => act(part));
  part.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(part); }
  });
}

async function openScan() {
  $("#scan").showModal();
  const codes = await fetch("/codes").then((answer) => (answer.ok ? answer.json() : [])).catch(() => []);
  $("#codes").replaceChildren(...codes.map(({ owner, phone, text }) => {
    const button = document.createElement("button");
    button.value = "code";
    button.dataset.text = text;
    button.append(owner || "Nomor lain", Object.assign(document.createElement("small"), { textContent: phone.replace(/^62(\d{3})(\d{4})(\d+)$/, "+62 $1-$2-$3") }));
    return button;
  }));
}

$("#scan").addEventListener("close", () => {
  const dialog = $("#scan");
  if (dialog.returnValue === "scan") scan($("#code").value);
});
$("#codes").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) scan(button.dataset.text);
});
function scan(text) {
  if (world.devices.scanner.plugged === false) return toast("Pemindai tidak membaca: kabelnya tercabut.");
  const part = $("[data-act=scan]");
  part.classList.add("scanned");
  setTimeout(() => part.classList.remove("scanned"), 700);
  return post("/act/scan", { text });
}
$("#reader").addEventListener("close", () => {
  const kind = $("#reader").returnValue;
  if (kind && kind !== "cancel") post("/act/insert", { serial: `PANEL-${kind.toUpperCase()}`, kind });
});

// -- faults

const REMARKS = { frozen: "membeku", gone: "mati" };

function remark(device) {
  const says = world.devices[device];
  if (REMARKS[says.health]) return REMARKS[says.health];
  const wrong = world.active.filter((fault) => faults.get(fault).device === device).length;
  return wrong ? `${wrong} gangguan` : "baik";
}

for (const fault of faults.values()) {
  const row = $("#fault").content.cloneNode(true).firstElementChild;
  row.dataset.fault = fault.name;
  $("p", row).textContent = fault.sentence;
  $(".strike", row).addEventListener("click", () => {
    const there = row.classList.contains("active");
    post(there ? "/mend" : "/strike", { name: fault.name });
  });
  fillWhen(row, fault);
  $(`#faults [data-device=${fault.device}] ul`).append(row);
}

function fillWhen(row, fault) {
  const own = fault.phases.length ? [fault.device] : [];
  const clocks = [...own, ...["card", "paper", "receipt", "cards"].filter((d) => here(d) && !own.includes(d))];
  const of = $(".of", row), at = $(".at", row), panel = $(".when", row);
  of.replaceChildren(...clocks.map((device) => new Option(name(device), device)));
  const fill = () => {
    const phases = of.value === fault.device ? fault.phases : of.value === "cards" ? ["before", "transfer"] : Object.keys(PHASES);
    at.replaceChildren(...phases.map((phase) => new Option(PHASES[phase], phase)));
  };
  of.addEventListener("change", fill);
  fill();
  $(".later", row).addEventListener("click", (event) => {
    panel.hidden = !panel.hidden;
    event.target.setAttribute("aria-expanded", String(!panel.hidden));
  });
  $(".arm", row).addEventListener("click", () => {
    const times = Number($(".times", row).value) || null;
    post("/strike", { name: fault.name, of: of.value === fault.device ? null : of.value, at: at.value, times });
    panel.hidden = true;
  });
}

function drawFaults() {
  for (const row of $$("#faults li")) {
    const there = world.active.includes(row.dataset.fault);
    row.classList.toggle("active", there);
    const button = $(".strike", row);
    button.textContent = there ? "Bereskan" : "Terjadikan";
    button.disabled = there && !faults.get(row.dataset.fault).mends;
  }
  for (const device of $$("#faults details")) {
    const says = world.devices[device.dataset.device], words = remark(device.dataset.device);
    device.dataset.health = says.health !== "well" ? says.health : words === "baik" ? "well" : "bad";
    $("summary span", device).textContent = words;
  }
}

const CHECK = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 13l5 5L20 6"/></svg>';
const WARN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4L2.5 20.5h19zM12 10v5m0 3v.01"/></svg>';
let nowShown = "";

function drawNow() {
  const active = world.active.map((fault) => ({ name: fault, why: vocabulary.devices[faults.get(fault).device], mends: faults.get(fault).mends }));
  const waits = world.waiting.map((wait) => ({ name: wait.name, mends: Boolean(wait.at),
    why: `Menunggu ${wait.at ? `${name(wait.of)} ${PHASES[wait.at]}` : "kiriman berikutnya"}, ${TIMES[wait.left] || `${wait.left} kali`}` }));
  const ill = Object.entries(world.devices).filter(([device, says]) => says.health !== "well" && !world.active.some((fault) => faults.get(fault).device === device))
    .map(([device, says]) => ({ sentence: `${vocabulary.devices[device]} ${REMARKS[says.health]}.`, why: "Tidak menjawab panel", mends: false }));
  const items = [...active, ...waits, ...ill];
  if (JSON.stringify(items) === nowShown) return;
  nowShown = JSON.stringify(items);
  const box = $("#now"), heading = document.createElement("h2"), list = document.createElement("ul");
  box.classList.toggle("bad", items.length > 0);
  heading.innerHTML = (items.length ? WARN : CHECK) + "<span></span>";
  $("span", heading).textContent = items.length ? `${items.length} terganggu` : "Semua perangkat baik";
  if (items.length) heading.append(button("Bereskan semuanya", () => post("/mend", { name: null })));
  for (const item of items) {
    const row = document.createElement("li"), words = document.createElement("p");
    words.append(item.sentence || faults.get(item.name).sentence, Object.assign(document.createElement("small"), { textContent: item.why }));
    row.append(words);
    if (item.mends) row.append(button("Bereskan", () => post("/mend", { name: item.name })));
    list.append(row);
  }
  box.replaceChildren(heading, list);
}

function button(words, work) {
  const made = Object.assign(document.createElement("button"), { textContent: words });
  made.addEventListener("click", work);
  return made;
}

// -- what came out

const KINDS = { paper: "Kertas", card: "Kartu", receipt: "Struk" };
let outShown = "", large = null;

const pictureOf = (piece, side, turned) => `/out/${piece.device}/${piece.file}?side=${side}${turned ? "&turned=true" : ""}`;

function drawOut() {
  if (!world.out.length || JSON.stringify(world.out) === outShown) return;
  outShown = JSON.stringify(world.out);
  $("#out").replaceChildren(...world.out.map((piece) => {
    const clock = new Date(piece.at * 1000).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
    const words = `${KINDS[piece.device]}${piece.serial ? ` ${piece.serial}` : ""}, pukul ${clock}`;
    const turned = piece.device === "card";  // it goes through its printer upright, and is read lying
    const made = button("", () => { large = { piece, words, turned }; showLarge(); $("#large").showModal(); });
    made.className = `${piece.device}-piece`;
    made.append(Object.assign(new Image(), { src: pictureOf(piece, 480, turned), alt: "" }), words);
    return made;
  }));
}

function showLarge() {
  Object.assign($("#large img"), { src: pictureOf(large.piece, 1600, large.turned), alt: large.words });
}
$("#turn").addEventListener("click", () => { large.turned = !large.turned; showLarge(); });

for (const tab of $$("[role=tab]")) {
  tab.addEventListener("click", () => {
    for (const other of $$("[role=tab]")) {
      other.setAttribute("aria-selected", String(other === tab));
      $(`#${other.getAttribute("aria-controls")}`).hidden = other !== tab;
    }
    const frame = $(`#${tab.getAttribute("aria-controls")} iframe`);
    if (frame && !frame.src) frame.src = frame.dataset.src;
  });
}

// -- the kiosk's live screen

const MIRROR_EVERY = 250, TRY_AGAIN = 2000;

async function watchScreen() {
  const said = await post("/screen");
  if (!said.port) {
    if (!said.missing) return;
    $(".missing").textContent = said.missing;
    document.body.dataset.noScreen = "";
    return;
  }
  const { default: RFB } = await import("/novnc/core/rfb.js");
  const rfb = new RFB($("#screen"), `ws://${location.hostname}:${said.port}/`, { shared: true });
  Object.assign(rfb, { scaleViewport: true, background: "#14213D", focusOnClick: false, showDotCursor: true });
  rfb.addEventListener("connect", () => { $("#screen").dataset.live = "yes"; });
  rfb.addEventListener("disconnect", () => { delete $("#screen").dataset.live; setTimeout(watchScreen, TRY_AGAIN); });
}

function mirror() {
  const canvas = $("#screen canvas"), small = $("#mirror");
  if (!canvas || !canvas.width || !$("#screen").dataset.live || document.hidden) return;
  document.documentElement.style.setProperty("--shape", String(canvas.width / canvas.height));
  document.body.classList.toggle("lying", canvas.width > canvas.height);
  const scale = Math.min(small.width / canvas.width, small.height / canvas.height);
  const width = canvas.width * scale, height = canvas.height * scale;
  small.getContext("2d").drawImage(canvas, (small.width - width) / 2, (small.height - height) / 2, width, height);
}

if (!("noScreen" in document.body.dataset)) watchScreen();
setInterval(mirror, MIRROR_EVERY);
