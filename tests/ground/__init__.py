"""What tests stand on: databases, real processes, a real mailbox, racers. Nothing of the service is patched or replaced."""
