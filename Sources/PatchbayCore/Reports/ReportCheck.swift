/// Looks through something that a host reported, or that was stored of a report.
package final class ReportCheck: ValueVisitor {
    /// Something is longer than it may be and has to be cut.
    package private(set) var hasLongTexts = false

    package init() {}

    /// Throws `.malformedInput` for the first number that is not in its range, and for a key that is too long.
    ///
    /// - Returns: what was noticed on the way.
    @discardableResult
    package static func check(_ value: some Encodable) throws(Problem) -> ReportCheck {
        let check = ReportCheck()
        do { try ValueWalk.show(value, to: check) } catch let problem as Problem { throw problem } catch {
            throw Problem(.malformedInput, "The report cannot be checked.", cause: "\(error)")
        }
        return check
    }

    package func meet(_ number: Int, at path: ValuePath) throws {
        let range = ReportLimits.range(of: path.name, in: path.holder) ?? ReportLimits.unnamed
        guard range.contains(number) else { throw Self.refused("\(number)", path, range) }
    }

    package func meet(_ number: UInt64, at path: ValuePath) throws {
        let range = ReportLimits.range(of: path.name, in: path.holder) ?? ReportLimits.unnamed
        guard range.contains(number) else { throw Self.refused("\(number)", path, range) }
    }

    package func meet(_ number: Double, at path: ValuePath) throws {
        guard number.isFinite, let whole = Int(exactly: number.rounded()) else {
            throw Self.refused("\(number)", path, ReportLimits.unnamed)
        }
        try meet(whole, at: path)
    }

    package func meet(_ text: String, at path: ValuePath) throws {
        if text.utf8.count > ReportLimits.longestText(named: path.name) { hasLongTexts = true }
    }

    package func meet(key: String, at path: ValuePath) throws {
        guard key.utf8.count <= ReportLimits.longestKey else {
            throw Problem(
                .malformedInput,
                "A name in \"\(path)\" of the report is longer than \(ReportLimits.longestKey) bytes.",
                evidence: [key.cut(toBytes: ReportLimits.longestText)], next: [Self.next])
        }
    }

    private static func refused(_ number: String, _ path: ValuePath, _ range: ReportLimits.Range) -> Problem {
        Problem(
            .malformedInput, "The report's number \"\(path)\" is \(number); it must be \(range).", next: [next])
    }

    private static let next = NextStep("See what its agent reads; on the host", .inspectHost())
}

extension String {
    /// As many of its characters as fit into so many bytes of UTF-8; cut ones end with `…`.
    package func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let mark = "…"
        var view = UnicodeScalarView()
        var count = mark.utf8.count
        for scalar in unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= limit else { break }
            view.append(scalar)
        }
        return String(view) + mark
    }
}
