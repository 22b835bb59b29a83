import PatchbayCore
import PatchbayText

extension API.Finding {
    package init(_ finding: PatchbayCore.Finding) {
        self.init(
            code: finding.code, severity: finding.severity, subject: finding.subject, sentence: finding.sentence,
            next: finding.next.lines)
    }
}
