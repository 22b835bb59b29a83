/// One refusal that a person overrides, by its code, and why; kept with what it was given for.
package struct Allowance: Hashable, Codable, Sendable {
    package var code: ProblemCode
    package var reason: String
    /// Who took the risk: `token admin`, `uid 0`.
    package var actor: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var at: Int

    package init(code: ProblemCode, reason: String, actor: String, at: Int) {
        self.code = code
        self.reason = reason
        self.actor = actor
        self.at = at
    }

    /// It names a risk that a person may take; asked when it comes, when a plan is handed out, and before each write.
    package func check() throws(Problem) { try Self.check(code) }

    /// Throws `.cannotBeAllowed` with those that can.
    package static func check(_ code: ProblemCode) throws(Problem) {
        switch code.permission {
        case .takes: return
        case .never(let reason):
            throw Problem(
                .cannotBeAllowed, "\(code.rawValue) cannot be allowed: \(reason)", evidence: [allowable],
                next: ["Remove the cause, then repeat the command."])
        case .noRisk:
            throw Problem(
                .cannotBeAllowed, "\(code.rawValue) is not a risk that can be allowed.", evidence: [allowable],
                next: [NextStep("See what it means", .help(code.rawValue))])
        }
    }

    /// `can be allowed: boot-display, host-lost`
    package static var allowable: String {
        "can be allowed: \(ProblemCode.allowed.map(\.rawValue).joined(separator: ", "))"
    }
}

extension Allowance {
    /// For the audit log: `Allowed: boot-display, because: it has no screen.`
    package var sentence: String { "Allowed: \(code.rawValue), because: \(reason)." }

    /// What a plan says of it; nil: it can be allowed no more.
    package func finding(_ subject: String) -> Finding? {
        guard case .takes(let risk) = code.permission else { return nil }
        return Finding(code.rawValue, .warning, subject: subject, "\(risk) Allowed by \(actor), because: \(reason).")
    }
}

/// Whether a person may go on in spite of a problem.
package enum RiskPermission: Hashable, Sendable {
    /// Yes, and this is the risk.
    case takes(String)
    /// Nobody may, and this is why.
    case never(String)
    /// It is a mistake or a failure; there is nothing to allow.
    case noRisk
}

extension ProblemCode {
    /// Those that a person may allow.
    package static var allowed: [ProblemCode] { allCases.filter(\.canBeAllowed) }

    package var canBeAllowed: Bool {
        switch permission {
        case .takes: true
        case .never, .noRisk: false
        }
    }

    /// The only place that says which refusals can be overridden.
    package var permission: RiskPermission {
        switch self {
        case .hostLost:
            .takes("The host may still run VMs that Patchbay forgets and use devices that Patchbay counts as free.")
        case .bootDisplay:
            .takes(
                "The host has no display while the card is lent: logging in works only over the network or a "
                    + "serial console.")
        case .deviceChanged:
            .takes(
                "The VM gets a device that it was not meant to get, and its driver may not support it.")
        case .groupChanged:
            .takes(
                "The VM gets the present members of the group, which may be more or fewer than before.")
        case .otherDevice: .takes("What the guest stored on its earlier device is not on the new one.")
        case .dataAtRisk: .takes("A guest can overwrite the data on the device.")
        case .hostCritical: .never("the host would lose its disks, its network or its console.")
        case .groupNotIsolated: .never("a guest could reach what the host uses in the same IOMMU group.")
        case .noIOMMU: .never("a guest could write to all of the host's memory.")
        case .noVFIO: .never("without vfio-pci no device can be handed over.")
        case .notAssignable: .never("devices of this kind cannot be handed over.")
        case .foreignBinding: .never("another program bound the device, and Patchbay does not know why.")
        case .deviceSilent: .never("a guest could not start with a device that does not answer.")
        case .notProvenFree: .never("what could not be read may be what the host depends on.")
        case .reservedMemory: .never("the kernel refuses it.")
        case .deviceTaken: .never("a device is never lent to two VMs.")
        case .virtualFunctionsInUse: .never("guests would lose their devices.")
        case .otherAgent: .never("plans made for one machine would change another.")
        case .malformedAddress, .malformedInput, .unknownField, .malformedRule, .malformedPolicy, .tooLarge, .usage,
            .unknownHost, .unknownDevice, .unknownGroup, .unknownPool, .unknownVM, .unknownPlan, .unknownClaim,
            .unknownProfile, .unknownRoute, .ambiguousName, .notInPool, .notUndoable, .inUse, .expectationFailed,
            .cannotBeAllowed, .noFit, .alreadyExists, .changedMeanwhile, .planNotCurrent, .wrongState, .busy,
            .cancelled, .planExpired, .tokenMissing, .tokenWrong, .formExpired, .serverUnreachable,
            .agentUnreachable, .hypervisorUnreachable, .timedOut, .kernelRefused, .driverDidNotBind,
            .hypervisorRefused, .unreadable, .corruptJournal, .storeFailed, .planRolledBack, .planStuck,
            .stillRunning, .interrupted,
            .failed:
            .noRisk
        }
    }
}
