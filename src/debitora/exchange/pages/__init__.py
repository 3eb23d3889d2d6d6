"""Pages of lists: all imports, the upload, how a file is read, the preview, the work, and what came of it."""
