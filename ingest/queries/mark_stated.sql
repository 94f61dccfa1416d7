UPDATE tallies SET stated = ? WHERE counted = ? AND site = ? AND day = ? AND outcome = ?
