"""The face for programs: /api/v1, its description at /api/openapi.json, its pages at /api/docs."""
