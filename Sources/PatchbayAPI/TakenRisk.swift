import PatchbayCore

/// The risks that the caller of this task takes, each by name, for one reason: `--allow host-lost --reason burnt`. Every door
/// sets it, every decision that meets one of them asks for it; there is no way to allow everything.
package struct TakenRisk: Hashable, Sendable {
    /// Each once, never empty.
    package let codes: [ProblemCode]
    package let reason: String

    @TaskLocal package static var current: TakenRisk?

    /// Bytes that a reason may have; it is shown wherever the risk is.
    private static let longest = 256

    /// nil: neither is said. Throws `.cannotBeAllowed` for a code that nobody may allow, `.malformedInput` for one
    /// without the other.
    ///
    /// - Parameter allow: codes, separated by commas: `boot-display,data-at-risk`.
    package static func said(allow: String?, reason: String?) throws(Problem) -> TakenRisk? {
        guard let allow else {
            guard reason == nil else {
                throw Problem(
                    .malformedInput, "A reason is given, but no risk.", evidence: [Allowance.allowable],
                    next: ["Name the risk: --allow CODE --reason TEXT"])
            }
            return nil
        }
        var codes: [ProblemCode] = []
        for word in allow.split(separator: ",", omittingEmptySubsequences: false) {
            guard let code = ProblemCode(rawValue: String(word)) else {
                throw Problem(
                    .cannotBeAllowed, "\"\(word)\" is not a risk that can be allowed.", evidence: [Allowance.allowable],
                    next: ["Use the code from the refusal."])
            }
            try Allowance.check(code)
            if !codes.contains(code) { codes.append(code) }
        }
        return TakenRisk(codes: codes, reason: try self.reason(reason))
    }

    /// As `said(allow:reason:)` reads it.
    package var allow: String { codes.map(\.rawValue).joined(separator: ",") }

    private init(codes: [ProblemCode], reason: String) {
        self.codes = codes
        self.reason = reason
    }

    /// The reason as it is kept.
    package static func reason(_ text: String?) throws(Problem) -> String {
        let text = text ?? ""
        guard text.contains(where: { !$0.isWhitespace }), text.utf8.count <= longest,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else {
            throw Problem(
                .malformedInput, "A reason is required: one line of 1 to \(longest) bytes.",
                next: ["Give the reason for the audit log: --reason TEXT"])
        }
        return text
    }
}

extension API {
    /// Why somebody says so; kept in the audit log.
    package struct Statement: WireRequest, Hashable {
        package var reason: String
        package init(reason: String) { self.reason = reason }
    }
}
