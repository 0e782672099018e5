"""The cabinet around the machines: doors, call button, key switch and slot lamps on a Modbus RTU board."""
