"""What a trial run can see an app do (:mod:`.trial_run`), as words on the wire."""

CLOCK, CHANCE, ADDRESS, DATA, NETWORK, MODEL = "clock", "chance", "address", "data", "network", "model"
