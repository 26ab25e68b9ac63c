"""What is generated from ``chalicelake.yaml``: Chalice's config, IAM policies, the CloudFormation resources.

``python -m infra.generate --stage dev`` writes them; nothing of it is edited by hand or committed.
"""
