"""The whole product on one machine: storage, WeChat's stand-in, the gateway, the pump, and who starts and stops them.

::

    __main__      make run: starts the parts, says when they are ready, stops them
    state         the state folder: secrets, lock, which processes are ours
    parts         the processes and what they are told
    variables     what the parts are told
    provision     tables, buckets and queues of chalicelake.yaml
    ministack_server   DynamoDB, S3 and SQS, run by another interpreter
    standin       plays WeChat: its server, and the phones
    gateway       the only public door: api, storage and pages (the built client) behind it (serve runs it)
    pump          queues and schedules (cron says when)
    invoke        the one way to a function
"""
