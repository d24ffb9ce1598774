// What a person typed, kept in the browser until the server has it: every line under a key of its own, so that two
// windows of one browser never write over each other, and the same key makes sending a line twice harmless.

export const keeper = (huddle) => {
  const prefix = `same-page-line:${huddle}:`
  const draftKey = `same-page-draft:${huddle}`

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name))
    } catch {
      return null // not ours, or cut off: nothing that could be sent
    }
  }

  return {
    add: (line) => {
      const kept = { ...line, key: crypto.randomUUID ? crypto.randomUUID() : randomKey(), at: Date.now() }
      localStorage.setItem(prefix + kept.key, JSON.stringify(kept))
      return kept
    },
    all: () =>
      Object.keys(localStorage)
        .filter((name) => name.startsWith(prefix))
        .map(read)
        .filter((line) => line && line.key)
        .sort((one, other) => one.at - other.at),
    refuse: (line, told) => localStorage.setItem(prefix + line.key, JSON.stringify({ ...line, refused: told })),
    drop: (key) => localStorage.removeItem(prefix + key),
    draft: () => read(draftKey) || {},
    keepDraft: (draft) => localStorage.setItem(draftKey, JSON.stringify(draft)),
  }
}

// Only pages served over TLS or from this machine have randomUUID.
const randomKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
