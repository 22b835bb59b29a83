import PatchbayCore

/// What an agent and the server say to each other, over `AgentEndpoints`. Agents call in; hosts need no inbound port.
///
/// Every call says who calls: the headers `patchbay-agent` and `patchbay-machine` hold an `AgentIdentity`.
package enum AgentProtocol {
    package struct Report: Codable, Sendable {
        package var inventory: Inventory
        package var domains: [Domain]
        package var agentVersion: String
        /// Plans that were over before `inventory` was read: with what they made of the host, never without.
        package var endings: [Progress]
        /// Codes of the risks that a plan for this agent may list; nil: an agent of an earlier version, which says none.
        package var allowances: [String]?
        /// The greatest number of a `Work.refresh` that came before this was read, 0: none did; nil: an agent of an earlier
        /// version, which says none.
        package var refreshed: Int?
        package init(
            inventory: Inventory, domains: [Domain], agentVersion: String, endings: [Progress] = [],
            allowances: [String]? = ProblemCode.allowed.map(\.rawValue), refreshed: Int? = 0
        ) {
            self.inventory = inventory
            self.domains = domains
            self.agentVersion = agentVersion
            self.endings = endings
            self.allowances = allowances
            self.refreshed = refreshed
        }
    }

    package enum Work: Codable, Sendable {
        /// Ask whether it may be begun, apply it, and report progress. Delivered again until progress is reported; the
        /// agent's journal makes that safe.
        case apply(Plan)
        /// Stop it after the step under way and take it back. Delivered again until the plan is over.
        case cancel(plan: String)
        /// Read everything again and report, with the number.
        case refresh(number: Int)
        case question(id: String, Question)
        case consoleOpen(session: String, vm: String)
        case consoleInput(session: String, [UInt8])
        case consoleClose(session: String)
    }

    package enum Question: Codable, Sendable {
        case definition(vm: String)
        case consoleLog(vm: String)
    }

    package struct Progress: Codable, Sendable {
        package var plan: String
        package var phase: PlanPhase
        package var progress: [StepProgress]
        package init(plan: String, phase: PlanPhase, progress: [StepProgress]) {
            self.plan = plan
            self.phase = phase
            self.progress = progress
        }
    }

    package static let version = "0.1.0"
}

/// The server as an agent sees it. The client speaks it over HTTP; the server's own type speaks it in process, for tests
/// and for `patchbay serve`.
package protocol AgentLink: Sendable {
    func report(_ report: AgentProtocol.Report, host: String) async throws(Problem)
    func report(domains: [Domain], host: String) async throws(Problem)
    /// The host cannot be read: what was last reported is no longer known to be so.
    func unreadable(_ problem: Problem, host: String) async throws(Problem)
    /// Waits up to `waitSeconds` for something to do; empty when nothing came up.
    func work(host: String, waitSeconds: Int) async throws(Problem) -> [AgentProtocol.Work]
    /// Asked before the first step. Throws a conflict when the plan was cancelled, expired or planned again.
    func begin(_ plan: Plan, host: String) async throws(Problem)
    /// How a plan is going that is not over; how it ended comes with the report that was read after it.
    func progress(_ progress: AgentProtocol.Progress, host: String) async throws(Problem)
    func answer(_ bytes: [UInt8], to question: String, host: String) async throws(Problem)
    /// The question cannot be answered: whoever asked is told why at once.
    func fail(_ question: String, because problem: Problem, host: String) async throws(Problem)
    func consoleOutput(_ bytes: [UInt8], session: String, isEnd: Bool, host: String) async throws(Problem)
}

/// Who asked for what is going on in this task; written into the audit log.
package enum Caller {
    @TaskLocal package static var current = "server"
}
