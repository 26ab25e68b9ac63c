"""What every store must do, real or fake: each port of ``tean.adapters.ports`` as tests."""
