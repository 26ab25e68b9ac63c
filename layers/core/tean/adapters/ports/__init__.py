"""What the services ask of the world outside: storage, files, queues, WeChat, the clock.

Each port has a real adapter beside this package and a fake in ``tests/fakes``; both pass ``tests/contract``. What a
port takes and answers lies with it. Nothing is gathered here: who names one port would load them all.
"""
