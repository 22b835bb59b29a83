import HTTPTypes
import PatchbayAPI
import PatchbayCore

/// A page before it is HTML: a template and the values for it.
struct Page: Sendable {
    var title: String
    var section: Section
    /// The template of the content; the layout goes around it.
    var template: String
    var model: any Sendable
    var status: HTTPResponse.Status
    let problem: Problem?

    /// `problem`: what the page has to tell; it decides the status.
    init(title: String, section: Section, template: String, model: any Sendable, problem: Problem? = nil) {
        self.title = title
        self.section = section
        self.template = template
        self.model = model
        self.problem = problem
        self.status = problem.map { HTTPResponse.Status(code: $0.code.httpStatus) } ?? .ok
    }

    /// Where in the navigation a page belongs.
    enum Section: String, Sendable, CaseIterable {
        case bay, devices, vms, pools, claims, whatIf = "whatif", plans, hosts, events, none

        var label: String {
            switch self {
            case .bay: "Bay"
            case .devices: "Devices"
            case .vms: "VMs"
            case .pools: "Pools"
            case .claims: "Claims"
            case .whatIf: "What if"
            case .plans: "Plans"
            case .hosts: "Hosts"
            case .events: "Events"
            case .none: ""
            }
        }

        var path: String { self == .bay ? "/" : "/\(rawValue)" }
    }
}
