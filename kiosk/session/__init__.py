"""What an applicant's visit can become: pure, no clock, no device, no network.

``visit`` holds what is known of the person who is here, ``transitions`` is the table of what may happen on which page,
``views`` draws the View of it. The engine feeds events in and carries effects out.
"""
