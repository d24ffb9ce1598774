// Returns, in words, what cannot be read on the page: texts of a chart that cover each other or leave their picture,
// type that is too small, and a page that scrolls sideways.
(least) => {
  const found = []
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40)
  const corners = (node) => {
    const box = node.getBBox(), to = node.getScreenCTM()
    const at = (x, y) => ({ x: to.a * x + to.c * y + to.e, y: to.b * x + to.d * y + to.f })
    // A text's box holds the room above and below its letters, too.
    const trim = Math.min(box.height / node.querySelectorAll("tspan.line, tspan[dy]").length || box.height, box.height) * 0.18
    return [
      at(box.x, box.y + trim),
      at(box.x + box.width, box.y + trim),
      at(box.x + box.width, box.y + box.height - trim),
      at(box.x, box.y + box.height - trim),
    ]
  }
  const parted = (one, two) => {
    for (const shape of [one, two]) {
      for (let place = 0; place < 4; place++) {
        const from = shape[place], to = shape[(place + 1) % 4]
        const normal = { x: from.y - to.y, y: to.x - from.x }
        const along = (points) => points.map((point) => normal.x * point.x + normal.y * point.y)
        const length = Math.hypot(normal.x, normal.y) || 1
        const [a, b] = [along(one), along(two)]
        if (Math.max(...a) <= Math.min(...b) + length || Math.max(...b) <= Math.min(...a) + length) return true
      }
    }
    return false
  }
  const isSeen = (node) => {
    for (let up = node; up instanceof Element; up = up.parentElement) {
      const style = getComputedStyle(up)
      if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return false
    }
    return true
  }
  document.querySelectorAll(".stPlotlyChart").forEach((chart, number) => {
    const where = chart.closest("[class*='st-key-']")?.className.match(/st-key-(\S+)/)?.[1] ?? `chart ${number + 1}`
    const texts = [...chart.querySelectorAll("svg text")].filter(
      (node) => node.textContent.trim() && node.getBBox().width > 0 && !node.closest(".hoverlayer") && isSeen(node),
    )
    const boxes = texts.map(corners)
    const frame = chart.querySelector("svg.main-svg")?.getBoundingClientRect()
    texts.forEach((node, place) => {
      const to = node.getScreenCTM()
      const size = parseFloat(getComputedStyle(node).fontSize) * Math.hypot(to.a, to.b)
      if (size < least - 0.05) found.push(`${where}: "${short(node.textContent)}" is ${size.toFixed(1)} px`)
      for (const point of boxes[place]) {
        if (point.x < frame.left - 1 || point.x > frame.right + 1 || point.y < frame.top - 1 || point.y > frame.bottom + 1) {
          found.push(`${where}: "${short(node.textContent)}" is cut off`)
          break
        }
      }
      for (let other = place + 1; other < texts.length; other++) {
        if (!parted(boxes[place], boxes[other])) {
          found.push(`${where}: "${short(node.textContent)}" covers "${short(texts[other].textContent)}"`)
        }
      }
    })
  })
  document.querySelectorAll("[data-testid=stApp] *").forEach((node) => {
    if (!(node instanceof HTMLElement) || node.closest(".stPlotlyChart")) return
    const own = [...node.childNodes].filter((child) => child.nodeType === 3 && child.textContent.trim())
    // Names of icons are drawn as pictures; what stands on a pixel is for those who hear the page.
    if (!own.length || node.closest("[data-testid=stIconMaterial], [translate=no], canvas")) return
    const box = node.getBoundingClientRect()
    if (box.width <= 1 || box.height <= 1 || !isSeen(node)) return
    const size = parseFloat(getComputedStyle(node).fontSize)
    if (size < least - 0.05) found.push(`"${short(own[0].textContent)}" is ${size.toFixed(1)} px`)
  })
  if (window.innerWidth < 600) {
    for (const name of ["html", "[data-testid=stMain]"]) {
      const node = document.querySelector(name)
      if (node && node.scrollWidth > node.clientWidth + 1) {
        found.push(`the page scrolls sideways: ${node.scrollWidth} px on ${node.clientWidth} (${name})`)
      }
    }
  }
  return [...new Set(found)]
}
