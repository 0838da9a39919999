"""`make chaos`: can an acknowledged answer be lost? A storm of learners and kills, and a checker of what is left."""
