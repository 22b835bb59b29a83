/// Something to know or to fix, told beside the thing it is about. It never stops anything by itself.
package struct Finding: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Sendable, SeverityScale {
        case note, warning, problem
    }

    /// Stable, kebab case: `interrupt-remapping-off`.
    package var code: String
    package var severity: Severity
    /// What it is about: `atlas`, `atlas/0000:41:00.0`, `pool gpus`.
    package var subject: String
    package var sentence: String
    package var next: [NextStep]

    package init(_ code: String, _ severity: Severity, subject: String, _ sentence: String, next: [NextStep] = []) {
        self.code = code
        self.severity = severity
        self.subject = subject
        self.sentence = sentence
        self.next = next
    }
}
