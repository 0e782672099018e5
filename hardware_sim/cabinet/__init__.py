"""A simulated cabinet: a Modbus RTU I/O board with doors, button, key and lamps, on a pseudo-terminal."""
