// The huddle's screen. It asks for the state once a second and draws only what has changed; clocks run here.
// All that comes from people or data goes into the page as text, never as HTML.
import { keeper } from "./keep.js"

const $ = (id) => document.getElementById(id)
const huddleId = new URLSearchParams(location.search).get("huddle") || ""
const api = "room/api/"
const keep = keeper(huddleId)
const NAME = "same-page-name"
const MOST = 5
const POLL = 1000
const PHONE = matchMedia("(max-width: 800px)")
const DATA_KINDS = ["wins", "kpis", "changes", "bottlenecks"]
const LIST_OF = { note: null, feedback: "feedback", decision: "decisions", action: "actions" }
const TABS = { note: "Line", feedback: "Customer said", decision: "Decision", action: "Action" }
const KEYS = "space next · ← → sheets · n write · t timer · f full screen"

let seen = ""
let state = null
let screens = { sheets: {}, effects: {}, offers: {}, about: "" }
let screensAt = 0
let offset = 0
let online = true
let fatal = ""
let you = null
let signsIn = true // nobody is asked for a name before the server has said whether it knows one
let page = 0
let pages = []
let tab = "note"
let known = null
let heard = { text: "", until: 0 }
let told = { text: "", until: 0 }
let isSending = false

const name = () => you || localStorage.getItem(NAME) || ""
const clockNow = () => Date.now() + offset
const isOn = () => Boolean(state && state.huddle.begun_at && !state.huddle.ended_at)
const item = () => (isOn() ? state.huddle.items[state.huddle.item_on] : null)
const say = (text, seconds = 8) => { told = { text, until: Date.now() + seconds * 1000 }; drawStatus() }

const make = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

// ---- the server -------------------------------------------------------------------------------------------------

const ask = async (path, options = {}) => {
  const answer = await fetch(api + path, { cache: "no-store", signal: AbortSignal.timeout(6000), ...options })
  let body = {}
  try { body = await answer.json() } catch { body = { error: `The server answered ${answer.status}.` } }
  return { status: answer.status, body }
}

const post = (asked) =>
  ask("write", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ huddle: huddleId, by: name(), ...asked }),
  })

const look = async () => {
  const from = Date.now()
  try {
    const { status, body } = await ask(`state?huddle=${encodeURIComponent(huddleId)}&seen=${seen}`)
    online = true
    if (status !== 200) {
      fatal = body.error || "The huddle cannot be read."
      if (status === 401) say(fatal)
    } else {
      fatal = ""
      offset = body.now - (from + Date.now()) / 2
      you = body.you
      signsIn = body.signs_in
      seen = body.seen
      if (body.huddle) take(body)
    }
  } catch {
    online = false
  }
  drawStatus()
  if (online) await send()
}

const take = (body) => {
  const before = state
  state = { huddle: body.huddle, lists: body.lists, findings: body.findings }
  hear()
  const on = state.huddle.item_on
  if (!before || before.huddle.item_on !== on || before.huddle.begun_at !== state.huddle.begun_at) {
    page = 0
    if (isOn()) chooseTab({ feedback: "feedback", decisions: "decision", actions: "action" }[item().kind] || "note")
    if (Date.now() - screensAt > 20000 || !before || !before.huddle.begun_at) loadScreens()
  }
  draw()
}

const hear = () => {
  const now = new Map()
  for (const list of Object.values(state.lists)) for (const line of list) now.set(line.id, line)
  if (known) {
    for (const [id, line] of now) {
      if (!known.has(id) && line.new && !mine.has(line.text)) heard = { text: `${line.text} — ${line.under}`, until: Date.now() + 15000 }
    }
  }
  known = new Set(now.keys())
}
const mine = new Set()

const loadScreens = async () => {
  screensAt = Date.now()
  try {
    const { status, body } = await ask(`screens?huddle=${encodeURIComponent(huddleId)}`, { signal: AbortSignal.timeout(30000) })
    if (status === 200) screens = body
    else if (status !== 401) screens = { ...screens, about: body.error, failed: body.error }
  } catch {
    screensAt = 0 // asked for again with the next item, or when the connection is back
  }
  drawFields()
  draw()
}

// Lines that wait are sent in their order; what the server refuses stays in the browser and says why.
const send = async () => {
  if (isSending) return
  isSending = true
  try {
    for (const line of keep.all()) {
      if (line.refused) continue
      const { at, ...asked } = line
      const { status, body } = await post(asked)
      if (status === 200) keep.drop(line.key)
      else if (status === 400 || status === 403) keep.refuse(line, body.error)
      else { say(body.error); break } // signed out, or the server is not well: it stays and is sent again
    }
  } catch {
    online = false
  } finally {
    isSending = false
  }
  drawStatus()
}

const poll = async () => {
  await look()
  setTimeout(poll, POLL)
}

const act = async (asked) => {
  try {
    const { status, body } = await post(asked)
    if (status !== 200) say(body.error)
  } catch {
    online = false
    say("That could not be done: the connection is lost. It comes back by itself.")
  }
  await look()
}

// ---- moving -----------------------------------------------------------------------------------------------------

const goTo = async (to) => {
  if (!(await haveName())) return
  await act({ do: "move", seen: state.huddle.item_on, to })
}

const next = async () => {
  if (!state) return
  if (!state.huddle.begun_at) {
    if (await haveName()) await act({ do: "begin" })
  } else if (isOn()) {
    if (state.huddle.item_on + 1 < state.huddle.items.length) await goTo(state.huddle.item_on + 1)
    else await end()
  }
}

const end = async () => {
  const answer = await dialog("End the huddle?", "The notes are written, and what is open comes back in the next one.", [], ["End", "Go on"])
  if (answer && answer.button === "End" && (await haveName())) await act({ do: "end" })
}

const turn = (step) => {
  if (page + step >= 0 && page + step < pages.length) { page += step; draw() }
  else if (isOn()) {
    const to = state.huddle.item_on + step
    if (to >= 0 && to < state.huddle.items.length) goTo(to)
    else if (step > 0) end()
  }
}

const fullScreen = () => {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen().catch(() => say("This browser has no full screen."))
}

const isTyping = (target) => target.closest && target.closest("input, textarea, select, [contenteditable]")

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog").open) return
  if (isTyping(event.target)) {
    if (event.key === "Escape") { event.target.blur(); $("main").focus() }
    return
  }
  if (event.target.closest && event.target.closest("button, a") && [" ", "Enter"].includes(event.key)) return
  const acts = {
    " ": next, ArrowRight: () => turn(1), ArrowLeft: () => turn(-1), ArrowDown: () => turn(1), ArrowUp: () => turn(-1),
    t: () => $("clocks").classList.toggle("hidden"), f: fullScreen, n: () => $("fields").querySelector("input").focus(),
  }
  const pressed = acts[event.key] || (/^[1-5]$/.test(event.key) && (() => {
    const thing = $("things").children[Number(event.key) - 1]
    thing?.querySelector("button")?.click()
  }))
  if (pressed) { event.preventDefault(); pressed() }
})

// ---- drawing ----------------------------------------------------------------------------------------------------

const sparkline = (weeks) => {
  const values = weeks.map((value, place) => [place, value]).filter(([, value]) => value !== null)
  if (values.length < 3) return null
  const low = Math.min(...values.map(([, value]) => value))
  const high = Math.max(...values.map(([, value]) => value))
  const points = values.map(([place, value]) =>
    `${(place / (weeks.length - 1)) * 100},${high === low ? 10 : 18 - ((value - low) / (high - low)) * 16}`)
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "0 0 100 20")
  svg.setAttribute("preserveAspectRatio", "none")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", "M" + points.join("L"))
  svg.append(path)
  return svg
}

const card = (thing) => {
  const made = make("li", `thing card ${thing.tone}${thing.value ? "" : " part"}`)
  made.append(make("h2", "", thing.title))
  if (thing.value) made.append(make("p", "key", thing.value))
  if (thing.beside.length) made.append(make("p", "beside", thing.beside.join(" · ")))
  const line = thing.weeks && thing.weeks.length ? sparkline(thing.weeks) : null
  if (line) made.append(line)
  return made
}

const lineOf = (line, kind) => {
  const made = make("li", `thing line ${line.new ? "new" : ""} ${line.tone || ""}`)
  const words = make("div")
  words.append(make("p", "text", line.text), make("p", "under", line.under))
  const effect = screens.effects[line.id]
  if (effect) words.append(make("p", "effect", effect))
  made.append(words)
  const buttons = make("div", "buttons")
  const add = (label, what) => {
    const button = make("button", "", label)
    button.type = "button"
    button.onclick = what
    buttons.append(button)
  }
  const row = { id: line.id, version: line.version }
  if (line.button === "close") add("Done", () => withName({ do: "close", status: "done", ...row }))
  if (line.button === "reopen") add("Open again", () => withName({ do: "close", status: "open", ...row }))
  if (line.button === "reply") add(line.reply ? "Change reply" : "Reply", () => reply(line))
  if (line.button === "review") add("What became of it", () => review(line))
  if (line.new) add("Remove", () => remove(line, kind))
  if (line.pending) {
    add("Take back", () => takeBack(line.pending))
  }
  if (buttons.children.length) made.append(buttons)
  return made
}

const pendingOf = (kind) =>
  keep.all()
    .filter((line) => (LIST_OF[line.do] || line.kind) === kind)
    .reverse()
    .map((line) => ({
      id: line.key, text: line.text, tone: "pending", pending: line,
      under: line.refused ? `Not kept. ${line.refused}` : "Not saved yet: it is kept in this browser and sent as soon as it can be.",
    }))

const pagesOf = (kind, most) => {
  const lines = [...pendingOf(kind), ...(state.lists[kind] || [])].map((line) => () => lineOf(line, kind))
  const sheets = (screens.sheets[kind] || []).map((sheet) => ({ finding: sheet.finding, things: sheet.things.map((thing) => () => card(thing)) }))
  const words = { wins: "Wins that were told", parking: "Parked, for another time" }[kind] || "Said about this"
  const told = []
  for (let place = 0; place < lines.length; place += most) {
    told.push({ finding: state.findings[kind] || words, things: lines.slice(place, place + most) })
  }
  if (DATA_KINDS.includes(kind)) {
    const wait = screens.failed || "Reading the numbers …"
    return [...(sheets.length ? sheets : [{ finding: wait, things: [] }]), ...told]
  }
  const none = { parking: "Nothing parked. What is not for now is written here, so that it is not lost." }[kind]
  return [...(told.length ? told : [{ finding: state.findings[kind] || none || "", things: [] }]), ...sheets]
}

const lobby = () => {
  const { huddle } = state
  const minutes = huddle.items.reduce((sum, one) => sum + one.minutes, 0)
  const thing = (title, value, ...beside) => () => card({ title, value, beside, tone: "" })
  return [{
    finding: `Planned for ${huddle.planned}. ${screens.about || ""}`,
    things: [
      thing("Agenda", `${minutes} min`, `${huddle.items.length} items: ${huddle.items.map((one) => one.title).join(", ")}`),
      thing("Leader", "", huddle.leader),
      thing("Invited", "", huddle.attendees.join(", ") || "nobody named yet"),
      thing("To join", "", location.href),
    ],
  }]
}

const closing = () => {
  const { huddle, lists } = state
  const took = huddle.items.reduce((sum, one) => sum + one.seconds, 0)
  const planned = huddle.items.reduce((sum, one) => sum + one.minutes * 60, 0)
  const count = (kind) => lists[kind].filter((line) => line.new).length
  const thing = (title, value, ...beside) => () => card({ title, value: String(value), beside, tone: "" })
  const over = took > planned ? `${minutesOf(took - planned)} over` : "within its time"
  return [{
    finding: "The huddle has ended. Its notes and the date of the next one are on the Huddle page.",
    things: [
      thing("Time taken", minutesOf(took), `of ${planned / 60} min planned`, over),
      thing("Customers said", count("feedback")),
      thing("Decisions", count("decisions")),
      thing("New actions", count("actions")),
      () => {
        const made = make("li", "thing line")
        const link = make("a", "text", "Open the notes")
        link.href = `huddle?huddle=${encodeURIComponent(huddleId)}`
        link.style.color = "var(--accent)"
        made.append(link)
        return made
      },
    ],
  }]
}

const draw = () => {
  if (!state) return
  const { huddle } = state
  document.title = huddle.title
  const on = item()
  const led = make("span", on ? "of" : "", `${on ? ` · ${huddle.title}, led` : "Led"} by ${huddle.leader}`)
  $("place").replaceChildren(on ? `${huddle.item_on + 1} of ${huddle.items.length}` : "", led)
  $("title").textContent = on ? on.title : huddle.title
  $("capture").hidden = !huddle.begun_at
  const following = on && huddle.items[huddle.item_on + 1]
  $("next").textContent = !huddle.begun_at ? "Start" : on ? (following ? `Next: ${following.title}` : "End") : "Ended"
  $("next").disabled = Boolean(huddle.ended_at)
  $("back").disabled = !on
  let most = MOST
  do {
    pages = on ? pagesOf(on.kind, most) : huddle.ended_at ? closing() : lobby()
    page = Math.min(page, pages.length - 1)
    const shown = pages[page]
    const more = pages.length > 1 ? ` (${page + 1} of ${pages.length})` : ""
    $("finding").textContent = shown.finding + more
    const things = shown.things.map((thing) => thing())
    const areCards = things.length && things.every((thing) => thing.matches(".card:not(.part)"))
    $("things").className = areCards ? `cards n${things.length}` : things.length <= 3 ? "few" : ""
    $("things").replaceChildren(...things)
    most -= 1
  } while (most > 0 && !PHONE.matches && $("main").scrollHeight > $("main").clientHeight + 1)
  drawClock()
  drawStatus()
}

const minutesOf = (seconds) => {
  const whole = Math.max(0, Math.round(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}

const drawClock = () => {
  const on = item()
  const clocks = $("clocks")
  const gone = state ? state.huddle.items.reduce((sum, one) => sum + one.seconds, 0) : 0
  const planned = state ? state.huddle.items.reduce((sum, one) => sum + one.minutes, 0) : 0
  if (!on) {
    $("clock").textContent = ""
    $("clock_words").textContent = ""
    $("total").textContent = state && state.huddle.ended_at ? "" : planned ? `${planned} min planned` : ""
    clocks.classList.remove("soon", "over")
    return
  }
  const running = Math.max(0, (clockNow() - state.huddle.item_since) / 1000)
  const left = on.minutes * 60 - on.seconds - running
  const isOver = left < 0
  const isSoon = !isOver && left <= Math.max(20, Math.min(60, on.minutes * 12))
  clocks.classList.toggle("over", isOver)
  clocks.classList.toggle("soon", isSoon)
  $("clock").textContent = isOver ? `+${minutesOf(-left)}` : minutesOf(left)
  $("clock_words").textContent = isOver ? "over its time" : isSoon ? "ends soon" : "left for this"
  const total = (gone + running) / 60
  $("total").textContent = `${Math.floor(total)} of ${planned} min${total > planned ? ", over" : ""}`
}

const drawStatus = () => {
  const waiting = keep.all()
  const refused = waiting.filter((line) => line.refused).length
  const unsaved = waiting.length - refused
  const count = (many, words) => `${many} ${many === 1 ? "line" : "lines"} ${words}`
  let text = KEYS
  let look = ""
  if (fatal) { text = fatal; look = "warn" }
  if (Date.now() < heard.until) { text = heard.text; look = "heard" }
  if (Date.now() < told.until) { text = told.text; look = "warn" }
  if (refused) { text = `${count(refused, "could not be kept")}: take it back, mend it, save it again.`; look = "warn" }
  if (unsaved) { text = `${count(unsaved, "not saved yet")}, kept in this browser.`; look = "warn" }
  if (!online) { text = `Connection lost.${unsaved ? ` ${count(unsaved, "not saved yet")}.` : ""} What you write is kept in this browser.`; look = "warn" }
  if (PHONE.matches && text === KEYS) text = screens.about || ""
  if ($("status").textContent !== text) $("status").textContent = text
  $("status").className = look
}

// ---- writing ----------------------------------------------------------------------------------------------------

const inDays = (days) => {
  const at = new Date(Date.now() + days * 86400000)
  return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 10)
}

const FIELDS = {
  note: [["text", "A line about this", "wide", 500]],
  feedback: [
    ["text", "What the customer said", "wide", 2000], ["account", "Account", "accounts", 200], ["theme", "Theme", "themes", 80],
    ["product", "Product", "products", 200], ["stage", "Stage", "stages", 200],
  ],
  decision: [["text", "What is decided", "wide", 500], ["metric", "For which KPI", "metrics"], ["review_on", "Look again on", "date", 28]],
  action: [
    ["text", "What is to be done", "wide", 500], ["owner", "Who", "people", 200], ["due", "Due on", "date", 7],
    ["metric", "For which KPI", "metrics"],
  ],
}

const field = ([key, label, kind, extra], value) => {
  if (kind === "metrics") {
    const select = make("select")
    select.name = key
    select.setAttribute("aria-label", label)
    const none = make("option", "", label)
    none.value = ""
    select.append(none, ...(screens.offers.metrics || []).map((metric) => {
      const option = make("option", "", metric.title)
      option.value = metric.name
      return option
    }))
    select.value = value || ""
    return select
  }
  const input = make("input", kind === "wide" ? "wide" : "")
  input.name = key
  input.setAttribute("aria-label", label)
  if (kind === "date") {
    input.type = "date"
    input.value = value ?? inDays(extra)
    const labelled = make("label", "", label)
    labelled.append(input)
    return labelled
  }
  input.placeholder = label
  input.maxLength = extra
  input.value = value || ""
  const offered = screens.offers[kind]
  if (offered && offered.length) {
    const list = make("datalist")
    list.id = `list_${key}`
    list.append(...offered.map((text) => { const option = make("option"); option.value = text; return option }))
    input.setAttribute("list", list.id)
    input.append(list)
  }
  return input
}

const drawFields = (isFresh = false) => {
  const focused = $("fields").contains(document.activeElement) ? document.activeElement.name : null
  if (focused && !isFresh) return // never under somebody's hands
  const draft = keep.draft()[tab] || {}
  const save = make("button", "main", "Save")
  const made = FIELDS[tab].map((spec) => field(spec, draft[spec[0]]))
  const lists = made.flatMap((input) => [...input.querySelectorAll("datalist")])
  lists.forEach((list) => list.remove())
  $("fields").replaceChildren(...made, save)
  document.querySelectorAll("body > datalist").forEach((list) => list.remove())
  document.body.append(...lists)
}

const chooseTab = (to) => {
  const isInUse = $("fields").contains(document.activeElement) || Object.keys(keep.draft()[tab] || {}).length
  if (isInUse) return
  tab = to
  drawTabs()
  drawFields()
}

const drawTabs = () => {
  $("tabs").replaceChildren(...Object.entries(TABS).map(([key, words]) => {
    const button = make("button", "", words)
    button.type = "button"
    button.setAttribute("aria-pressed", String(key === tab))
    button.onclick = () => {
      const isOpen = tab === key && $("capture").classList.contains("open")
      $("capture").classList.toggle("open", !isOpen) // a second touch on a phone gives the screen back
      tab = key
      drawTabs()
      drawFields(true)
      $("fields").querySelector("input").focus()
    }
    return button
  }))
}

$("fields").addEventListener("input", () => {
  const values = Object.fromEntries([...$("fields").querySelectorAll("input, select")].map((input) => [input.name, input.value]))
  keep.keepDraft({ ...keep.draft(), [tab]: values.text || values.account || values.owner ? values : {} })
})

$("capture").addEventListener("submit", async (event) => {
  event.preventDefault()
  const values = Object.fromEntries([...$("fields").querySelectorAll("input, select")].map((input) => [input.name, input.value.trim()]))
  const missing = !values.text ? "Write something first." : tab === "action" && !values.owner ? "Say who does it." : ""
  if (missing) {
    say(missing, 4)
    $("fields").querySelector(values.text ? "[name=owner]" : "[name=text]").focus()
    return
  }
  if (!(await haveName())) return
  const kind = item() ? item().kind : "parking"
  const line = keep.add({ do: tab, ...values, ...(tab === "note" ? { kind } : {}), huddle: huddleId, by: name() })
  mine.add(tab === "feedback" ? `“${line.text}”` : line.text)
  keep.keepDraft({ ...keep.draft(), [tab]: {} })
  drawFields(true)
  $("fields").querySelector("input").focus()
  page = 0
  draw()
  await send()
  await look()
})

const takeBack = (line) => {
  keep.drop(line.key)
  tab = line.do
  const values = Object.fromEntries(FIELDS[tab].map(([key]) => [key, line[key] || ""]))
  keep.keepDraft({ ...keep.draft(), [tab]: values })
  drawTabs()
  drawFields(true)
  $("fields").querySelector("input").focus()
  draw()
}

const withName = async (asked) => { if (await haveName()) await act(asked) }

const reply = async (line) => {
  const status = make("select")
  status.name = "status"
  status.setAttribute("aria-label", "What became of it")
  for (const [value, words] of [["answered", "Answered"], ["used", "Used in a piece or message"], ["declined", "Declined"], ["open", "Still open"]]) {
    const option = make("option", "", words)
    option.value = value
    status.append(option)
  }
  status.value = line.status === "open" ? "answered" : line.status
  const answer = await dialog("Marketing's reply", line.text, [textArea("text", "What was done with it, or why not", line.reply), status], ["Save", "Cancel"])
  if (answer && answer.button === "Save") await withName({ do: "reply", id: line.id, version: line.version, ...answer.values })
}

const review = async (line) => {
  const then = [line.text, screens.effects[line.id]].filter(Boolean).join(" — ")
  const answer = await dialog("What became of it?", then, [textArea("text", "What became of it", "")], ["Save", "Cancel"])
  if (answer && answer.button === "Save") await withName({ do: "review", id: line.id, version: line.version, ...answer.values })
}

const remove = async (line, kind) => {
  const answer = await dialog("Remove this line?", line.text, [], ["Remove", "Keep it"])
  if (answer && answer.button === "Remove") await withName({ do: "delete", list: kind, id: line.id, version: line.version })
}

const textArea = (key, label, value) => {
  const made = make("textarea")
  made.name = key
  made.placeholder = label
  made.setAttribute("aria-label", label)
  made.maxLength = 2000
  made.value = value || ""
  return made
}

const dialog = (title, text, fields, buttons) =>
  new Promise((answer) => {
    const box = $("dialog")
    if (box.open) { answer(null); return }
    $("dialog_title").textContent = title
    $("dialog_text").textContent = text
    $("dialog_fields").replaceChildren(...fields)
    let pressed = null
    $("dialog_buttons").replaceChildren(...buttons.map((words, place) => {
      const button = make("button", place ? "" : "main", words)
      button.type = place ? "button" : "submit"
      button.onclick = () => { pressed = words; if (place) box.close() }
      return button
    }))
    box.onclose = () => {
      const values = Object.fromEntries([...$("dialog_fields").querySelectorAll("input, textarea, select")].map((input) => [input.name, input.value.trim()]))
      answer(pressed ? { button: pressed, values } : null)
    }
    box.showModal()
    ;(fields[0] || $("dialog_buttons").firstChild).focus()
  })

const haveName = async () => {
  if (name() || signsIn) return true
  const input = make("input")
  input.name = "name"
  input.placeholder = "Your name"
  input.setAttribute("aria-label", "Your name")
  input.maxLength = 200
  const list = make("datalist")
  list.id = "list_names"
  const people = state ? [state.huddle.leader, ...state.huddle.attendees] : []
  list.append(...people.map((text) => { const option = make("option"); option.value = text; return option }))
  input.setAttribute("list", list.id)
  const answer = await dialog("Who are you?", "Your name stands beside what you write.", [input, list], ["Join", "Only look"])
  if (!answer || answer.button !== "Join" || !answer.values.name) return false
  localStorage.setItem(NAME, answer.values.name)
  return true
}

// ---- beginning --------------------------------------------------------------------------------------------------

$("next").onclick = next
$("back").onclick = () => turn(-1)
$("timer").onclick = () => $("clocks").classList.toggle("hidden")
$("full").onclick = fullScreen
addEventListener("online", look)
addEventListener("resize", draw)
setInterval(() => { drawClock(); drawStatus() }, 250)
drawTabs()
drawFields()
await look()
if (!state && fatal) { $("title").textContent = "This huddle cannot be opened"; $("finding").textContent = fatal; $("capture").hidden = true }
else haveName()
setTimeout(poll, POLL)
