import PatchbayCore

/// Every route of `/v1`, as data: the server registers from it, the client builds its requests from it, and
/// `openapi.json` is written from it, so none of the three can know a route that the others do not.
package enum Route: String, CaseIterable, Sendable {
    case status, openAPI
    case hosts, host, editHost, removeHost, acceptHost, refreshHost, examineHost, survey, usbDevices, usbDevice
    case devices, device, deviceByShortName, prepareDevices, releaseDevices, returnDevices, makePassthrough
    case groups, group
    case pools, createPool, previewRules, pool, editPool, deletePool
    case applyPolicy, profiles, profile, deleteProfile
    case vms, createVM, vm, deleteVM, attach, detach, startVM, stopVM, restartVM, resetVM, explainVM, confirmOff
    case claims, createClaim, explainDraft, claim, releaseClaim, renewClaim, explainClaim
    case whatIf
    case dropStored
    case definition, consoleLog, console, consoleInput, consoleClose
    case plans, plan, undoPlan, cancelPlan, retryPlan, resolvePlan
    case events
    case agentReport, agentDomains, agentUnreadable, agentWork, agentBegin, agentProgress, agentAnswer, agentFailure,
        agentConsole

    package enum Method: String, Sendable { case get, put, post, patch, delete }

    /// Method and path; `{name}` stands for one percent-encoded segment.
    package var shape: (method: Method, template: String) {
        switch self {
        case .status: (.get, "/v1/status")
        case .openAPI: (.get, "/v1/openapi.json")
        case .hosts: (.get, "/v1/hosts")
        case .host: (.get, "/v1/hosts/{host}")
        case .editHost: (.patch, "/v1/hosts/{host}")
        case .removeHost: (.delete, "/v1/hosts/{host}")
        case .acceptHost: (.post, "/v1/hosts/{host}/accept")
        case .refreshHost: (.post, "/v1/hosts/{host}/refresh")
        case .examineHost: (.get, "/v1/hosts/{host}/doctor")
        case .survey: (.get, "/v1/hosts/{host}/survey")
        case .usbDevices: (.get, "/v1/hosts/{host}/usb")
        case .usbDevice: (.get, "/v1/hosts/{host}/usb/{name}")
        case .devices: (.get, "/v1/devices")
        case .device: (.get, "/v1/devices/{host}/{address}")
        case .deviceByShortName: (.get, "/v1/devices/{name}")
        case .prepareDevices: (.post, "/v1/devices/prepare")
        case .releaseDevices: (.post, "/v1/devices/release")
        case .returnDevices: (.post, "/v1/devices/return")
        case .makePassthrough: (.post, "/v1/devices/passthrough")
        case .groups: (.get, "/v1/groups")
        case .group: (.get, "/v1/groups/{host}/{number}")
        case .pools: (.get, "/v1/pools")
        case .createPool: (.post, "/v1/pools")
        case .previewRules: (.post, "/v1/pools/preview")
        case .pool: (.get, "/v1/pools/{pool}")
        case .editPool: (.patch, "/v1/pools/{pool}")
        case .deletePool: (.delete, "/v1/pools/{pool}")
        case .applyPolicy: (.post, "/v1/policy")
        case .profiles: (.get, "/v1/profiles")
        case .profile: (.get, "/v1/profiles/{profile}")
        case .deleteProfile: (.delete, "/v1/profiles/{profile}")
        case .vms: (.get, "/v1/vms")
        case .createVM: (.post, "/v1/vms")
        case .vm: (.get, "/v1/vms/{vm}")
        case .deleteVM: (.delete, "/v1/vms/{vm}")
        case .attach: (.post, "/v1/vms/{vm}/attach")
        case .detach: (.post, "/v1/vms/{vm}/detach")
        case .startVM: (.post, "/v1/vms/{vm}/start")
        case .stopVM: (.post, "/v1/vms/{vm}/stop")
        case .restartVM: (.post, "/v1/vms/{vm}/restart")
        case .resetVM: (.post, "/v1/vms/{vm}/reset")
        case .confirmOff: (.post, "/v1/vms/{vm}/confirm-off")
        case .explainVM: (.get, "/v1/vms/{vm}/explain")
        case .claims: (.get, "/v1/claims")
        case .createClaim: (.post, "/v1/claims")
        case .explainDraft: (.post, "/v1/claims/explain")
        case .claim: (.get, "/v1/claims/{claim}")
        case .releaseClaim: (.delete, "/v1/claims/{claim}")
        case .renewClaim: (.post, "/v1/claims/{claim}/renew")
        case .explainClaim: (.get, "/v1/claims/{claim}/explain")
        case .whatIf: (.post, "/v1/whatif")
        case .dropStored: (.post, "/v1/store/drop")
        case .definition: (.get, "/v1/vms/{vm}/definition")
        case .consoleLog: (.get, "/v1/vms/{vm}/console/log")
        case .console: (.get, "/v1/vms/{vm}/console")
        case .consoleInput: (.post, "/v1/vms/{vm}/console/{session}")
        case .consoleClose: (.delete, "/v1/vms/{vm}/console/{session}")
        case .plans: (.get, "/v1/plans")
        case .plan: (.get, "/v1/plans/{plan}")
        case .undoPlan: (.post, "/v1/plans/{plan}/undo")
        case .cancelPlan: (.post, "/v1/plans/{plan}/cancel")
        case .retryPlan: (.post, "/v1/plans/{plan}/retry")
        case .resolvePlan: (.post, "/v1/plans/{plan}/resolve")
        case .events: (.get, "/v1/events")
        case .agentReport: (.put, "/v1/agent/{host}/report")
        case .agentDomains: (.put, "/v1/agent/{host}/domains")
        case .agentUnreadable: (.put, "/v1/agent/{host}/unreadable")
        case .agentWork: (.get, "/v1/agent/{host}/work")
        case .agentBegin: (.post, "/v1/agent/{host}/plans/{plan}/begin")
        case .agentProgress: (.post, "/v1/agent/{host}/progress")
        case .agentAnswer: (.post, "/v1/agent/{host}/answers/{question}")
        case .agentFailure: (.post, "/v1/agent/{host}/failures/{question}")
        case .agentConsole: (.post, "/v1/agent/{host}/console/{session}")
        }
    }

    package var method: Method { shape.method }
    package var template: String { shape.template }

    /// The names between braces, in order.
    package var parameters: [String] {
        template.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// The path with its parameters filled in, in order, and the query behind it.
    ///
    /// `Route.attach.path("trainer-01", query: [("dryRun", "true")])` is `/v1/vms/trainer-01/attach?dryRun=true`.
    package func path(_ values: String..., query: [(String, String)] = []) -> String {
        var rest = values[...]
        let segments = template.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? Self.encode(rest.popFirst() ?? "") : String(segment)
        }
        let tail = query.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        return "/" + segments.joined(separator: "/") + (tail.isEmpty ? "" : "?" + tail)
    }

    /// Percent-encodes all but letters, digits and `-._~:` (RFC 3986, section 3.3 allows `:` in a segment).
    package static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e, 0x3a:
                String(UnicodeScalar(byte))
            default:
                "%" + byte.hex(2).uppercased()
            }
        }.joined()
    }
}
