"""The pages about a site that are not its report: adding, installing, settings, goals, removing."""
