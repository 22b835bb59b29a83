import PatchbayCore

extension Finding {
    static func agentOffline(_ host: String) -> Finding {
        Finding(
            "agent-offline", .warning, subject: host,
            "Host \(host) is offline: its agent is not connected. Changes wait until it is.",
            next: ["Check the service on the host:  systemctl status 'patchbay*'"])
    }

    static func unreadable(_ host: String, _ unreadable: Unreadable) -> Finding {
        Finding(
            "host-unreadable", .problem, subject: host,
            "\(host) cannot be read, so what is shown of it may be out of date. \(unreadable.problem.detail)",
            next: unreadable.problem.next + [NextStep("Try again", .refreshHost(host))])
    }

    static func mayStillRun(_ vm: VM) -> Finding {
        Finding(
            "may-still-run", .warning, subject: "vm \(vm.name)",
            "\(vm.name) may still run on \(vm.host), which is offline.",
            next: [NextStep("Once you have verified that it is off", .confirmOff(vm.name))])
    }

    static func restartPending(_ vm: String) -> Finding {
        Finding(
            "restart-pending", .warning, subject: "vm \(vm)",
            "\(vm) keeps its present devices; the change takes effect at its next start.",
            next: [NextStep("Restart it", .restartVM(vm))])
    }

    static func guestDriver(_ vm: String) -> Finding {
        Finding(
            "guest-driver", .note, subject: "vm \(vm)",
            "The guest may need a driver for the device; which one depends on the model and the guest's system.")
    }

    static func cannotBeLent(_ device: String, _ problem: Problem) -> Finding {
        Finding(
            problem.code.rawValue, .warning, subject: device,
            ([problem.detail] + problem.evidence).joined(separator: " "), next: problem.next)
    }
}

extension Problem {
    /// Nothing is planned on what may no longer be so.
    static func unreadable(_ host: String, _ why: Problem) -> Problem {
        Problem(
            .unreadable, "\"\(host)\" cannot be read, so nothing can be planned for it.",
            evidence: [why.detail] + why.evidence, next: why.next + [NextStep("Try again", .refreshHost(host))],
            cause: why.cause)
    }

    static func agentUnreachable(_ host: String) -> Problem {
        Problem(
            .agentUnreachable, "The agent of \"\(host)\" is not connected.",
            next: ["Check the service on the host:  systemctl status 'patchbay*'", NextStep("Then", .showHost(host))])
    }

    static func busy(vm: String, plan: String) -> Problem {
        Problem(
            .busy, "A plan for \"\(vm)\" is under way.", evidence: ["plan \(plan)"],
            next: [NextStep("Follow it", .waitForPlan(plan))])
    }
}
