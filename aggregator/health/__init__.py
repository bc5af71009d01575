"""How a source is, beyond whether it answers: what it usually brings, and what is amiss. Pure.

    an answer ─► measure ─► history (what is usual | lately) ─► condition ─► trouble ─► incident

Every decision is a function of what was remembered, what came and the time; what is odd has to be
seen twice, and is over only when it is clearly so, so that nothing flaps.
"""
