import PatchbayAPI
import PatchbayCore

/// What would become of everybody, for people: the changes, whom they concern, the room there is, and the pools.
struct OutlookText {
    let outlook: API.Outlook
    let question: API.WhatIf
    /// With the lines of changed pools, not only their names.
    let isWhole: Bool
    let style: Style

    init(_ outlook: API.Outlook, of question: API.WhatIf, isWhole: Bool, style: Style) {
        self.outlook = outlook
        self.question = question
        self.isWhole = isWhole
        self.style = style
    }

    func render() -> String {
        var parts: [String] = []
        if !outlook.changes.isEmpty {
            parts.append(
                heading("If") + outlook.changes.map { indented($0, 2) }.joined()
                    + DifferenceText(outlook.differences).render(style, isWhole: isWhole).indentedLines)
            parts.append(heading("Then") + impacts)
        }
        if let room = outlook.room { parts.append(self.room(room)) }
        if !outlook.pools.isEmpty { parts.append(pools) }
        return parts.joined(separator: "\n")
    }

    func heading(_ text: String) -> String { style.paint(style.clean(text), .bold) + "\n" }

    private var impacts: String {
        guard !outlook.impacts.isEmpty else { return indented("Nothing changes for anyone.", 2) }
        let names = outlook.impacts.map { ClaimWords.owner($0.owner) }
        let width = min(names.map(\.columns).max() ?? 0, 28)
        return zip(outlook.impacts, names).map { impact, name in
            let label = style.clean(name).shortened(to: style.width == nil ? .max : width, ending: "…")
            var text = item(impact.mark, label.padded(to: width), impact.sentence)
            for fix in impact.fixes.prefix(isWhole ? .max : 1) {
                text += indented("helps: " + fix.line, width + 8, .dim)
            }
            return text
        }.joined()
    }

    /// A mark, a label, and a sentence that goes on below itself.
    private func item(_ mark: Mark, _ label: String, _ sentence: String) -> String {
        let start = style.isTerminal ? 4 : 2
        let indent = start + label.columns + 2
        let lines = style.clean(sentence).wrapped(to: room(indent))
        let shown = style.isTerminal ? mark.text(style) + " " : ""
        let rest = lines.dropFirst().map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
        return "  \(shown)\(label)  \(lines[0])\n" + rest
    }

    func indented(_ text: String, _ indent: Int, _ colour: Colour? = nil) -> String {
        style.clean(text).wrapped(to: room(indent)).map {
            String(repeating: " ", count: indent) + style.paint($0, colour) + "\n"
        }.joined()
    }

    private func room(_ indent: Int) -> Int { style.width.map { max(24, $0 - indent) } ?? .max }
}

extension API.Impact {
    /// What becomes of it, without its name.
    var sentence: String {
        let devices = ClaimWords.addresses(self.devices)
        let has = devices.isEmpty ? "" : " with \(devices)"
        let why = reason.map { " \($0.sentence)" } ?? ""
        let here = host.map { " on \($0)" } ?? ""
        return switch kind {
        case .lost: "cannot be placed any more\(host.map { "; it is on \($0)" } ?? "").\(why)"
        case .stuckAtRestart: "keeps what it has\(here), but could not start again.\(why)"
        case .stuck: "is off\(here) and could not start.\(why)"
        case .moves: "must move from \(host ?? "its host") to \(newHost ?? "another")\(has)."
        case .restarts: "stays on \(host ?? "its host") and must restart\(has)."
        case .changesAtRestart: "keeps what it has\(here); at its next start it comes up\(has)."
        case .served: "waits now and would be served on \(newHost ?? "a host")\(has)."
        case .startable: "cannot start now\(here) and could then\(has)."
        }
    }

    fileprivate var mark: Mark {
        switch kind {
        case .lost: .failed
        case .stuckAtRestart, .stuck: .attention
        case .moves, .restarts, .changesAtRestart: Mark(glyph: "→", asciiGlyph: ">", colour: .yellow)
        case .served, .startable: .done
        }
    }
}

extension API.Fix {
    /// `Ask for 3 instead of 4 …: patchbay …`
    var line: String {
        guard let command else { return sentence }
        return "\(sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence): \(command)"
    }
}

extension String {
    /// Every line two columns to the right.
    fileprivate var indentedLines: String {
        split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)\n" }.joined()
    }
}
