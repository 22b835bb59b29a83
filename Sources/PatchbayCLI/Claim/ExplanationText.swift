import PatchbayAPI
import PatchbayCore

/// Why a claim is served as it is, or what stands in its way: the decision, what every host says, and what would help.
///
/// What many devices or hosts say alike is one line, unless more is asked for.
struct ExplanationText {
    let explanation: API.Explanation
    /// The claim or VM, what it wants, whom it is for.
    let title: [String]
    let now: Int
    let isUnfolded: Bool
    let style: Style

    func render() -> String {
        var parts = [decision]
        let hosts = self.hosts
        if !hosts.isEmpty { parts.append(heading("Hosts") + hosts) }
        if !explanation.fits { parts.append(heading("Changes that would make it fit") + fixes) }
        return parts.joined(separator: "\n")
    }

    private func heading(_ text: String) -> String { style.paint(text, .bold) + "\n" }

    private var decision: String {
        let verdict =
            explanation.fits
            ? Cell(explanation.host.map { "\(isServed ? "served by" : "fits on") \($0)" } ?? "fits", .green)
            : Cell("does not fit now", .red)
        var record = Record(mark: explanation.fits ? .done : .failed, title: "", verdict: verdict)
        record.title = title
        let verb = isServed ? "has" : "takes"
        record.add(verb, explanation.devices.map(ClaimWords.device))
        if explanation.fits, explanation.devices.isEmpty { record.add(verb, "no devices") }
        if let seat = explanation.seat { record.add("placement", ClaimWords.seat(seat)) }
        record.add("because", explanation.scores.flatMap { lines($0.sentence, indent: 13) })
        return record.render(style)
    }

    private var isServed: Bool { explanation.isServed == true }

    private var hosts: String {
        let widest = explanation.hosts.map(\.host.columns).max() ?? 0
        let names = min(max(8, widest), 24)
        return explanation.hosts.map { fit in
            let serves = isServed && fit.host == explanation.host
            let sentence = fit.reason?.sentence ?? (serves ? "It serves the claim." : "It fits.")
            let mark = fit.reason == nil ? Mark.done : .failed
            let name = style.clean(fit.host).shortened(to: style.width == nil ? .max : names, ending: "…")
            var text = item(mark, name.padded(to: names), sentence, indent: 2)
            text += DeviceFold(fit.devices, isUnfolded: isUnfolded).rows.map { device($0) }.joined()
            if fit.alike > 0 {
                let more = CountWords.grouped(fit.alike)
                text += indented("and \(more) more \(fit.alike == 1 ? "host" : "hosts") for the same reason", 4, .dim)
            }
            return text
        }.joined()
    }

    private func device(_ row: DeviceFold.Row) -> String {
        let fit = row.fit
        let address = String(ClaimWords.short(fit.device).drop { $0 != "/" }.dropFirst())
        let room = style.width.map { min(26, max(12, $0 / 3)) } ?? .max
        let name = style.clean(fit.name).shortened(to: room, ending: style.isUTF8 ? "…" : "...")
        let sentence = fit.reason.map { reason in
            reason.sentence + (fit.until.map { " Its lease \(ClaimWords.end($0, now: now))." } ?? "")
        }
        let label = "\(address)  \(name)".padded(to: 9 + min(room, 26))
        var text = item(fit.mark, label, sentence ?? "For \(fit.request ?? "it").", indent: 4)
        if !row.alike.isEmpty {
            let others = row.alike.map { String(ClaimWords.short($0.device).drop { $0 != "/" }.dropFirst()) }
            text += indented(
                "and \(CountWords.grouped(others.count)) more for the same reason: "
                    + "\(others.joined(separator: ", "))", 4, .dim,
                cut: true)
        }
        return text
    }

    private var fixes: String {
        guard !explanation.fixes.isEmpty else {
            return indented("None of the changes that were tried would be enough. Wait, or change the requests.", 2)
        }
        return explanation.fixes.enumerated().map { number, fix in
            let end = fix.until.map { " The lease \(ClaimWords.end($0, now: now))." } ?? ""
            let lines = lines(fix.sentence + end, indent: 5)
            var text = "  \(number + 1)  \(style.clean(lines[0]))\n"
            for line in lines.dropFirst() { text += "     \(style.clean(line))\n" }
            if let command = fix.command { text += "     " + style.paint(style.clean(command), .bold) + "\n" }
            return text
        }.joined()
    }

    /// A mark, a label, and a sentence that goes on below itself.
    private func item(_ mark: Mark, _ label: String, _ sentence: String, indent: Int) -> String {
        let start = indent + (style.isTerminal ? 2 : 0)
        let lines = lines(sentence, indent: start + label.columns + 2)
        let shown = style.isTerminal ? mark.text(style) + " " : ""
        var text =
            String(repeating: " ", count: indent) + shown + style.clean(label) + "  " + style.clean(lines[0]) + "\n"
        for line in lines.dropFirst() {
            text += String(repeating: " ", count: start + label.columns + 2) + style.clean(line) + "\n"
        }
        return text
    }

    private func indented(_ text: String, _ indent: Int, _ colour: Colour? = nil, cut: Bool = false) -> String {
        let start = indent + (style.isTerminal ? 2 : 0)
        let clean = style.clean(text)
        let shown =
            cut ? [clean.shortened(to: room(start), ending: style.isUTF8 ? "…" : "...")] : lines(clean, indent: start)
        return shown.map { String(repeating: " ", count: start) + style.paint($0, colour) + "\n" }.joined()
    }

    private func room(_ indent: Int) -> Int { style.width.map { max(24, $0 - indent) } ?? .max }
    private func lines(_ text: String, indent: Int) -> [String] { text.wrapped(to: room(indent)) }
}

extension Output {
    /// An explanation in any of the forms; its names are the devices that would be taken.
    func explain(_ explanation: API.Explanation, title: [String]) throws(Problem) {
        switch format {
        case .json: write(try JSONText.pretty(explanation))
        case .yaml: write(try YAMLText.render(explanation))
        case .name: for device in explanation.devices { line(ClaimWords.short(device.device)) }
        case .table, .wide, .tree:
            let text = ExplanationText(
                explanation: explanation, title: title, now: now, isUnfolded: isVerbose || format == .wide, style: style
            )
            write(text.render())
        }
    }
}
