"""What stands for who was erased, where something stays that they had a part in."""

SOMEBODY = "somebody who left"
