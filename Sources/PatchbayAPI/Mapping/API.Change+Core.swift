import PatchbayCore

extension API.Change {
    package init(
        dryRun: Bool, message: String, subject: String, plans: [API.Plan] = [],
        findings: [PatchbayCore.Finding] = [], claim: API.Claim? = nil, differences: [API.Difference]? = nil
    ) {
        self.dryRun = dryRun
        self.message = message
        self.subject = subject
        self.plans = plans
        self.findings = findings.map(API.Finding.init)
        self.claim = claim
        self.differences = differences
    }
}

extension API.Event {
    package init(id: Int, kind: String, subject: String, sentence: String, by actor: String?, at: Int?) {
        self.init(id: id, kind: kind, subject: subject, sentence: sentence, actor: actor, at: at)
    }
}
