"""Running the stages over many documents: engines, work files that a later run goes on from, and the run itself."""
