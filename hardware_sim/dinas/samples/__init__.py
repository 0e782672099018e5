"""Sample documents of the Dinas simulator: drawn, marked SPESIMEN, signed; and the same spoiled in every way.

    pdf = draw_and_sign("kk", content, authority.document_signer)

``content`` is plain data (JSON), all values text, dates as DD-MM-YYYY. A missing or empty value is drawn as "-", as
such forms do; a key that a kind cannot do without raises ContentError. Keys by kind (needed ones first, then "; "):

- all kinds: tanggal_terbit; kota_terbit (Tuban), pejabat, nip_pejabat, provinsi (JAWA TIMUR), kabupaten (TUBAN)
- kk: nomor_kk, nama_kepala_keluarga, alamat, rt_rw, kel_desa, kecamatan, anggota; kode_pos. ``anggota`` is a list of
  objects, ten on a sheet: nama, nik; jenis_kelamin, tempat_lahir, tanggal_lahir, agama, pendidikan, pekerjaan,
  gol_darah, status_perkawinan, tanggal_perkawinan, hubungan, kewarganegaraan, no_paspor, no_kitap, ayah, ibu
- akta-kelahiran: nomor_akta, nama, tempat_lahir, tanggal_lahir; nik, anak_ke, jenis_kelamin, ayah, ibu
- akta-kematian: nomor_akta, nama, tempat_meninggal, tanggal_meninggal; nik, tempat_lahir, tanggal_lahir,
  jenis_kelamin, ayah, ibu
- akta-perkawinan: nomor_akta, suami, istri, tempat, tanggal; agama, pemuka_agama
- akta-perceraian: nomor_akta, suami, istri, pengadilan, nomor_putusan, tanggal_putusan
- biodata: nik, nama; nomor_kk, tempat_lahir, tanggal_lahir, jenis_kelamin, gol_darah, agama, status_perkawinan,
  hubungan, pendidikan, pekerjaan, kewarganegaraan, alamat, rt_rw, kel_desa, kecamatan, kode_pos, ayah, nik_ayah, ibu,
  nik_ibu, akta_lahir, akta_kawin, akta_cerai, kelainan, disabilitas
- skpwni: nomor, nomor_kk, nama_kepala_keluarga, nik, nama, alamat_asal, alamat_tujuan; alasan, klasifikasi,
  jenis_pindah, status_kk_tetap, status_kk_pindah, berlaku_sampai, anggota (nik, nama, hubungan)

Cards (ktp-el, kia) are not drawn here: the kiosk draws them. `photo` and `signature_picture` are what they carry.
"""

from hardware_sim.dinas.samples.documents import KINDS, draw, draw_and_sign, page_count
from hardware_sim.dinas.samples.paper import ContentError
from hardware_sim.dinas.samples.pictures import photo, signature_picture

__all__ = [
    "KINDS",
    "ContentError",
    "draw",
    "draw_and_sign",
    "page_count",
    "photo",
    "signature_picture",
]
