/// What kind of "no" a problem is. Exit codes and HTTP statuses are derived from it, each in one place.
package enum ProblemCategory: String, Codable, Sendable, CaseIterable {
    /// Something broke that should have worked.
    case failed
    /// A safety rule says no.
    case refused
    /// The named thing does not exist.
    case notFound
    /// Taken by somebody else, or changed since it was read.
    case conflict
    /// The caller may not do this.
    case notAllowed
    /// The server or an agent did not answer.
    case unreachable
    /// Still going when the caller's patience ended.
    case timedOut
    /// Failed, and everything was taken back.
    case rolledBack
    /// Failed, and could not be taken back: a person has to look.
    case stuck
    /// The input is not well formed: unknown fields, wrong types, malformed names.
    case invalid
}

/// Every code that Patchbay can say, for machines. The raw value is what the API, the CLI and the docs print.
package enum ProblemCode: String, Codable, Sendable, CaseIterable {
    // invalid
    case malformedAddress = "malformed-address"
    case malformedInput = "malformed-input"
    case unknownField = "unknown-field"
    case malformedRule = "malformed-rule"
    case malformedPolicy = "malformed-policy"
    case tooLarge = "too-large"
    case usage
    // notFound
    case unknownHost = "unknown-host"
    case unknownDevice = "unknown-device"
    case unknownGroup = "unknown-group"
    case unknownPool = "unknown-pool"
    case unknownVM = "unknown-vm"
    case unknownPlan = "unknown-plan"
    case unknownClaim = "unknown-claim"
    case unknownProfile = "unknown-profile"
    case unknownRoute = "unknown-route"
    case ambiguousName = "ambiguous-name"
    // refused
    case hostCritical = "host-critical"
    case bootDisplay = "boot-display"
    case dataAtRisk = "data-at-risk"
    case groupNotIsolated = "group-not-isolated"
    case noIOMMU = "no-iommu"
    case noVFIO = "no-vfio"
    case notAssignable = "not-assignable"
    case foreignBinding = "foreign-binding"
    case deviceSilent = "device-silent"
    case notInPool = "not-in-pool"
    case virtualFunctionsInUse = "vf-in-use"
    case notUndoable = "not-undoable"
    case inUse = "in-use"
    case notProvenFree = "not-proven-free"
    case reservedMemory = "reserved-memory"
    case expectationFailed = "expectation-failed"
    case hostLost = "host-lost"
    case deviceChanged = "device-changed"
    case groupChanged = "group-changed"
    case otherDevice = "other-device"
    case cannotBeAllowed = "cannot-be-allowed"
    // conflict
    case deviceTaken = "device-taken"
    case noFit = "no-fit"
    case alreadyExists = "already-exists"
    case changedMeanwhile = "changed-meanwhile"
    case planNotCurrent = "plan-not-current"
    case wrongState = "wrong-state"
    case busy
    case cancelled
    case planExpired = "plan-expired"
    case otherAgent = "other-agent"
    // notAllowed
    case tokenMissing = "token-missing"
    case tokenWrong = "token-wrong"
    case formExpired = "form-expired"
    // unreachable, timedOut
    case serverUnreachable = "server-unreachable"
    case agentUnreachable = "agent-unreachable"
    case hypervisorUnreachable = "hypervisor-unreachable"
    case timedOut = "timed-out"
    // failed and its endings
    case kernelRefused = "kernel-refused"
    case driverDidNotBind = "driver-did-not-bind"
    case hypervisorRefused = "hypervisor-refused"
    case unreadable
    case corruptJournal = "corrupt-journal"
    case storeFailed = "store-failed"
    case stillRunning = "still-running"
    case planRolledBack = "plan-rolled-back"
    case planStuck = "plan-stuck"
    case interrupted
    case failed

    package var category: ProblemCategory {
        switch self {
        case .malformedAddress, .malformedInput, .unknownField, .malformedRule, .malformedPolicy, .tooLarge, .usage:
            .invalid
        case .unknownHost, .unknownDevice, .unknownGroup, .unknownPool, .unknownVM, .unknownPlan, .unknownClaim,
            .unknownProfile, .unknownRoute, .ambiguousName:
            .notFound
        case .hostCritical, .bootDisplay, .dataAtRisk, .groupNotIsolated, .noIOMMU, .noVFIO, .notAssignable,
            .foreignBinding, .deviceSilent, .notInPool,
            .virtualFunctionsInUse, .notUndoable, .inUse, .notProvenFree, .reservedMemory, .expectationFailed,
            .hostLost, .deviceChanged, .groupChanged, .otherDevice, .cannotBeAllowed:
            .refused
        case .deviceTaken, .noFit, .alreadyExists, .changedMeanwhile, .planNotCurrent, .wrongState, .busy, .cancelled,
            .planExpired, .otherAgent:
            .conflict
        case .tokenMissing, .tokenWrong, .formExpired: .notAllowed
        case .serverUnreachable, .agentUnreachable, .hypervisorUnreachable: .unreachable
        case .timedOut: .timedOut
        case .planRolledBack: .rolledBack
        case .planStuck: .stuck
        case .kernelRefused, .driverDidNotBind, .hypervisorRefused, .unreadable, .corruptJournal, .storeFailed,
            .stillRunning, .interrupted, .failed:
            .failed
        }
    }
}

/// An error as a person meets it: a stable code, one sentence, the evidence, what to do next, and the cause kept apart.
package struct Problem: Error, Codable, Hashable, Sendable {
    package var code: ProblemCode
    /// One sentence; starts with a capital, quotes what the user typed, never repeats the cause's text.
    package var detail: String
    /// Facts the verdict stands on, one a line: an evidence chain, the members of a group, a holder.
    package var evidence: [String]
    /// What to do now, one step a line; with the command that does it.
    package var next: [NextStep]
    /// The text of the error underneath, where there is one.
    package var cause: String?

    package init(
        _ code: ProblemCode, _ detail: String, evidence: [String] = [], next: [NextStep] = [], cause: String? = nil
    ) {
        self.code = code
        self.detail = detail
        self.evidence = evidence
        self.next = next
        self.cause = cause
    }
}

extension Problem {
    /// As it may leave the server or be stored: what somebody sent is quoted, but not echoed at any length.
    package var bounded: Problem {
        Problem(
            code, detail.cut(toBytes: Self.longestLine), evidence: Self.bounded(evidence), next: Self.bounded(next),
            cause: cause?.cut(toBytes: Self.longestLine))
    }

    private static let longestLine = 1024
    private static let mostLines = 256

    private static func bounded(_ lines: [String]) -> [String] {
        lines.prefix(mostLines).map { $0.cut(toBytes: longestLine) }
    }

    /// A command that is cut would be another one, so one that is too long is left out.
    private static func bounded(_ steps: [NextStep]) -> [NextStep] {
        steps.prefix(mostLines).map { step in
            NextStep(
                step.sentence.cut(toBytes: longestLine),
                step.commands.contains { ValueWalk.longestText(in: $0) > longestLine } ? [] : step.commands)
        }
    }
}
