"""What the commands of the front door do: the only room that knows every other, and that no other knows."""
