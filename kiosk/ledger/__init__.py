"""What happened at this kiosk, for good: attempts, the audit chain, and what waits for the Dinas."""
