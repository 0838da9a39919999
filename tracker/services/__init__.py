"""What people do: one function an action; decides who may; commits once."""
