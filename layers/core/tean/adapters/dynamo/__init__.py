"""Storage on DynamoDB: one module for each port, and what they share."""
