import PatchbayCore

/// What an agent and the server say to each other. Agents call in; hosts need no inbound port.
///
/// - `PUT  /v1/agent/HOST/report`            body `Report`: the whole inventory and all guests
/// - `PUT  /v1/agent/HOST/domains`           body `[Domain]`: only the guests changed
/// - `GET  /v1/agent/HOST/work?wait=SECONDS` answer `[Work]`: long poll, empty when nothing came up
/// - `POST /v1/agent/HOST/progress`          body `Progress`
/// - `POST /v1/agent/HOST/answers/ID`        body bytes: the answer to a `question`
/// - `POST /v1/agent/HOST/console/SESSION`   body bytes: console output; `?end=true` closes
package enum AgentProtocol {
    package struct Report: Codable, Sendable {
        package var inventory: Inventory
        package var domains: [Domain]
        package var agentVersion: String
        package init(inventory: Inventory, domains: [Domain], agentVersion: String) {
            self.inventory = inventory
            self.domains = domains
            self.agentVersion = agentVersion
        }
    }

    package enum Work: Codable, Sendable {
        /// Apply it and report progress. Delivered again until progress is reported; the agent's journal makes that safe.
        case apply(Plan)
        /// Read everything again and report.
        case refresh
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
