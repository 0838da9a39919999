"""What a quiz is: frozen values and rules, no I/O, no clock, no Flask."""
