"""What runs in the sandbox beside a proof: the standard library only, for it runs on the proofs' interpreter."""
