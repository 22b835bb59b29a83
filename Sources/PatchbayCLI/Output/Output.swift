import Foundation
import PatchbayAPI
import PatchbayCore

/// The one way out: data to standard output, talk to standard error, in the form that was asked for.
struct Output: Sendable {
    let format: OutputFormat
    let style: Style
    let talkStyle: Style
    let isVerbose: Bool
    private let surroundings: Surroundings

    init(_ global: GlobalOptions, format: OutputFormat) {
        let surroundings = Surroundings.current
        self.format = format
        self.surroundings = surroundings
        isVerbose = global.verbose
        style = Style(stream: .output, surroundings: surroundings, color: global.color)
        talkStyle = Style(stream: .error, surroundings: surroundings, color: global.color)
    }

    var now: Int { surroundings.now() }
    /// True when standard output is for people, not for programs.
    var isForPeople: Bool {
        switch format {
        case .table, .wide, .tree: true
        case .name, .json, .yaml: false
        }
    }

    func write(_ text: String) { surroundings.write(Array(text.utf8)) }
    func write(bytes: [UInt8]) { surroundings.write(bytes) }
    func line(_ text: String) { write(style.clean(text) + "\n") }
    func talk(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        surroundings.talk(lines.map { talkStyle.clean(String($0)) }.joined(separator: "\n") + "\n")
    }

    /// A list in any of the forms.
    ///
    /// - Parameters:
    ///   - narrowing: what left rows out before.
    ///   - limit: at most so many; how many more there are is said.
    func list<Row: Encodable & Sendable>(
        _ all: [Row], _ listing: Listing<Row>, options: ListOptions, narrowing: Narrowing = Narrowing(),
        limit: Int? = nil
    ) throws(Problem) {
        var rows = try listing.arranged(all, options: options)
        let rest = limit.map { rows.count - $0 } ?? 0
        if let limit { rows = Array(rows.prefix(limit)) }
        defer { if rest > 0 { talk("\(rest) more; to see all:  --limit 0") } }
        switch format {
        case .json: write(try JSONText.pretty(rows))
        case .yaml: write(try YAMLText.render(rows))
        case .name: write(rows.map { style.clean(listing.name($0)) + "\n" }.joined())
        case .table, .wide, .tree:
            let columns = try listing.columns(options.columns, isWide: format == .wide || isVerbose)
            guard !rows.isEmpty else {
                for line in try listing.words(forNoneOf: all, options: options, narrowing: narrowing) { talk(line) }
                return
            }
            write(listing.table(rows, columns: columns).render(style))
        }
    }

    /// Empties a terminal, for what is drawn again.
    func clearScreen() { write("\u{1b}[H\u{1b}[2J") }

    /// One thing in any of the forms.
    func show(_ value: some Encodable, name: String, record: () -> Record) throws(Problem) {
        switch format {
        case .json: write(try JSONText.pretty(value))
        case .yaml: write(try YAMLText.render(value))
        case .name: line(name)
        case .table, .wide, .tree: write(record().render(style))
        }
    }

    /// One line of sums below a list; only people at a terminal want it.
    func footer(_ text: String) {
        if isForPeople && style.isTerminal { talk("\n" + text) }
    }

    /// Findings on standard error, the worst first.
    func findings(_ findings: [API.Finding]) {
        for finding in findings.sorted(by: { $0.severity > $1.severity }) {
            surroundings.talk(finding.severity.mark.text(talkStyle) + " " + talkStyle.clean(finding.sentence) + "\n")
            for next in finding.next {
                surroundings.talk("  " + talkStyle.paint("next", .dim) + "  " + talkStyle.clean(next) + "\n")
            }
        }
    }

    /// A yes in words; anything else is a no.
    func confirms(_ question: String) -> Bool {
        let answer = surroundings.ask(talkStyle.clean(question) + " [y/N] ")
        return ["y", "yes"].contains(answer?.lowercased().filter { !$0.isWhitespace } ?? "")
    }
}
