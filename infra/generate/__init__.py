"""What is generated from ``chalicelake.yaml``: Chalice's config, IAM policies, the CloudFormation resources.

``infra.package`` writes them into its copy of the sources; nothing of it is edited by hand or committed.
"""
