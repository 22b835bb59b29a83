import PatchbayCore

/// What a route's answer or request is, for the OpenAPI document and for clients that read it.
package enum RouteBody: Sendable {
    case json(any (Codable & Sendable).Type)
    /// A JSON array of these.
    case list(any (Codable & Sendable).Type)
    case bytes
    case text
    /// `text/event-stream` of `API.Event`, or a list of them for clients that do not ask for a stream.
    case events
    case document
}

/// One thing that may stand behind the question mark.
package struct RouteQuery: Sendable {
    package var name: String
    package var summary: String
}

extension Route {
    package var summary: String {
        switch self {
        case .status: "Everything at a glance"
        case .openAPI: "This document"
        case .hosts: "All hosts"
        case .host: "One host: is it ready, what has it got"
        case .editHost: "Label, pin or cordon a host; fields left out keep their value"
        case .removeHost: "Forget a host whose agent is gone"
        case .acceptHost: "Hear the agent that was refused last as this host's"
        case .refreshHost: "Read the host again and wait for the new inventory"
        case .examineHost: "What stands in the way of lending the host's devices, and the exact way to put it right"
        case .survey: "What a host tells beside its PCI devices: platform, USB, mediated devices, who holds what"
        case .usbDevices: "USB devices of a host"
        case .usbDevice: "One USB device by its port"
        case .devices: "Devices of all hosts or of one"
        case .device: "One device and why it is in its state"
        case .deviceByShortName: "One device by an address that only one host has"
        case .prepareDevices: "Bind devices to vfio-pci and leave them there"
        case .releaseDevices: "Give prepared devices back to the drivers they had"
        case .returnDevices: "Say that devices for one use were cleaned and may be lent again"
        case .makePassthrough: "Make a rule for each device, in an existing pool or a new one"
        case .groups: "IOMMU groups with their members"
        case .group: "One IOMMU group"
        case .pools: "All pools"
        case .createPool: "Create a pool"
        case .previewRules: "What rules would match before they are saved"
        case .pool: "One pool, its rules and what they match"
        case .editPool: "Change a pool; fields left out keep their value"
        case .deletePool: "Delete a pool that nobody asks for"
        case .applyPolicy: "Put pools and profiles in force: all of them or nothing"
        case .profiles: "All profiles"
        case .profile: "One profile: the size of a VM and what it asks for"
        case .deleteProfile: "Delete a profile; VMs made from it stay as they are"
        case .vms: "Managed and adopted VMs"
        case .createVM: "Define a managed VM"
        case .vm: "One VM: what it holds now and at its next start"
        case .deleteVM: "Remove a stopped VM's definition"
        case .attach: "Ask for devices at the VM's next start"
        case .detach: "Take a request away from a VM"
        case .startVM: "Choose devices, hand them over, start the VM"
        case .stopVM: "Stop the VM and give its devices back"
        case .restartVM: "Stop the VM and start it with what it asks for now"
        case .resetVM: "Press the reset button: the guest is not asked"
        case .confirmOff: "Say that a VM of a lost host is off: its claim ends"
        case .explainVM: "Why the VM has the devices it has, or would get, or cannot get"
        case .claims: "Claims of VMs, of other systems and of reservations"
        case .createClaim: "Claim devices for a system or a reservation, on any host that fits"
        case .explainDraft:
            "How a claim would be served, per host and device, and what would make it fit; changes nothing"
        case .claim: "One claim: what it holds, or its place in the queue"
        case .releaseClaim: "End a claim: its devices are free"
        case .renewClaim: "Renew a claim's lease"
        case .explainClaim: "Why a claim is served as it is, or why it waits"
        case .whatIf: "What would become of claims, VMs and pools if things were otherwise; changes nothing"
        case .dropStored: "Drop a stored value that cannot be read, or write it anew where it follows from others"
        case .definition: "The hypervisor's definition of the VM"
        case .consoleLog: "What the serial console printed since the last start"
        case .console: "The serial console as it prints; the session's name is in the header patchbay-session"
        case .consoleInput: "Type into an open console"
        case .consoleClose: "Close an open console"
        case .plans: "Plans, newest first"
        case .plan: "One plan and how it went"
        case .undoPlan: "Make and queue the plan that takes this one back"
        case .cancelPlan: "Withdraw a plan that waits, or stop and take back one that is under way"
        case .retryPlan: "Ask again for what a plan that did not end well was to do"
        case .resolvePlan: "Say that a stuck plan was looked after: things are taken as they are now"
        case .events: "The audit log, or a stream of events"
        case .agentReport: "Agent: inventory and guests of its host"
        case .agentDomains: "Agent: only the guests changed"
        case .agentUnreadable: "Agent: why its host cannot be read"
        case .agentWork: "Agent: wait for work"
        case .agentBegin: "Agent: may a plan be begun"
        case .agentProgress: "Agent: how a plan is going"
        case .agentAnswer: "Agent: the answer to a question"
        case .agentFailure: "Agent: why a question has no answer"
        case .agentConsole: "Agent: console output"
        }
    }

    /// nil: no body.
    package var request: RouteBody? {
        switch self {
        case .prepareDevices, .releaseDevices, .returnDevices: .json(API.DeviceNames.self)
        case .makePassthrough: .json(API.PassthroughRequest.self)
        case .createPool, .editPool: .json(API.PoolDraft.self)
        case .previewRules: .json(API.RulePreviewRequest.self)
        case .applyPolicy: .json(API.PolicyDraft.self)
        case .createVM: .json(API.VMDraft.self)
        case .editHost: .json(API.HostSettingsDraft.self)
        case .createClaim, .explainDraft: .json(API.ClaimDraft.self)
        case .renewClaim: .json(API.RenewRequest.self)
        case .whatIf: .json(API.WhatIf.self)
        case .dropStored: .json(API.StoredKey.self)
        case .attach: .json(API.AttachRequest.self)
        case .detach: .json(API.DetachRequest.self)
        case .stopVM, .restartVM: .json(API.PowerRequest.self)
        case .confirmOff, .resolvePlan: .json(API.Statement.self)
        case .agentBegin: .json(PatchbayCore.Plan.self)
        case .consoleInput, .agentAnswer, .agentConsole: .bytes
        case .agentReport: .json(AgentProtocol.Report.self)
        case .agentDomains: .list(Domain.self)
        case .agentProgress: .json(AgentProtocol.Progress.self)
        case .agentUnreadable, .agentFailure: .json(PatchbayCore.Problem.self)
        case .status, .openAPI, .hosts, .host, .refreshHost, .examineHost, .survey, .usbDevices, .usbDevice, .devices,
            .device,
            .deviceByShortName, .groups, .group,
            .pools, .pool, .deletePool, .vms, .vm, .deleteVM, .startVM, .definition, .consoleLog, .console,
            .profiles, .profile, .deleteProfile, .consoleClose, .plans, .plan, .undoPlan, .cancelPlan, .retryPlan,
            .removeHost, .acceptHost, .resetVM, .events, .agentWork,
            .explainVM, .claims, .claim, .releaseClaim,
            .explainClaim:
            nil
        }
    }

    /// nil: 204, no body.
    package var answer: RouteBody? {
        switch self {
        case .status: .json(API.Status.self)
        case .openAPI: .document
        case .hosts: .list(API.Host.self)
        case .host, .refreshHost: .json(API.Host.self)
        case .examineHost: .json(API.DoctorReport.self)
        case .survey: .json(API.Survey.self)
        case .usbDevices: .list(API.USBDevice.self)
        case .usbDevice: .json(API.USBDevice.self)
        case .devices: .list(API.Device.self)
        case .device, .deviceByShortName: .json(API.Device.self)
        case .groups: .list(API.Group.self)
        case .group: .json(API.Group.self)
        case .pools: .list(API.Pool.self)
        case .pool: .json(API.Pool.self)
        case .previewRules: .json(API.RulePreview.self)
        case .profiles: .list(API.Profile.self)
        case .profile: .json(API.Profile.self)
        case .vms: .list(API.VM.self)
        case .vm: .json(API.VM.self)
        case .claims: .list(API.Claim.self)
        case .claim: .json(API.Claim.self)
        case .explainDraft, .explainClaim, .explainVM: .json(API.Explanation.self)
        case .whatIf: .json(API.Outlook.self)
        case .definition: .text
        case .consoleLog, .console: .bytes
        case .plans: .list(API.Plan.self)
        case .plan: .json(API.Plan.self)
        case .events: .events
        case .agentWork: .list(AgentProtocol.Work.self)
        case .prepareDevices, .releaseDevices, .makePassthrough, .createPool, .editPool, .deletePool, .createVM,
            .deleteVM, .attach, .detach, .startVM, .stopVM, .restartVM, .undoPlan, .editHost, .applyPolicy,
            .deleteProfile, .createClaim, .releaseClaim, .renewClaim, .returnDevices, .removeHost, .acceptHost,
            .confirmOff, .resetVM, .cancelPlan, .retryPlan, .resolvePlan, .dropStored:
            .json(API.Change.self)
        case .consoleInput, .consoleClose, .agentReport, .agentDomains, .agentUnreadable, .agentBegin, .agentProgress,
            .agentAnswer, .agentFailure, .agentConsole:
            nil
        }
    }

    /// True when the answer is an `API.Change`: the route takes `dryRun` and `Idempotency-Key`.
    package var isMutation: Bool {
        if case .json(let type)? = answer { type == API.Change.self } else { false }
    }

    /// What may stand in the query; anything else is refused by name.
    package var query: [RouteQuery] {
        if isMutation {
            return [
                RouteQuery(name: "dryRun", summary: "true: change nothing, answer with the plan"),
                RouteQuery(
                    name: "allow", summary: "risks to take, by the codes that refusals say, separated by commas"),
                RouteQuery(name: "reason", summary: "why it is taken; kept in the audit log"),
            ]
        }
        let paging = [
            RouteQuery(name: "limit", summary: "at most so many"),
            RouteQuery(name: "after", summary: "continue behind this key, from the header patchbay-next"),
        ]
        let host = RouteQuery(name: "host", summary: "only this host's")
        switch self {
        case .devices:
            return [
                RouteQuery(name: "kind", summary: "pci, which is meant where nothing is said, or usb"),
                host, RouteQuery(name: "filter", summary: "state=free numa=0 name*=A100"),
                RouteQuery(
                    name: "sort", summary: "device, name, group, numa, driver, state or host; - turns the order"),
            ] + paging
        case .groups, .plans: return [host] + paging
        case .hosts, .usbDevices, .vms, .pools, .profiles: return paging
        case .claims:
            return [
                RouteQuery(name: "phase", summary: "pending, allocated, attached or releasing"),
                RouteQuery(name: "owner", summary: "only of the owner of this name"),
                RouteQuery(name: "tenant", summary: "only of this tenant"),
            ] + paging
        case .events:
            return [
                RouteQuery(name: "limit", summary: "at most so many, newest first"),
                RouteQuery(name: "follow", summary: "true: a stream"),
                RouteQuery(name: "after", summary: "stream from behind this event; Last-Event-ID does the same"),
            ]
        case .agentWork: return [RouteQuery(name: "wait", summary: "seconds to wait for something to do")]
        case .agentConsole: return [RouteQuery(name: "end", summary: "true: the console is closed")]
        case .status, .openAPI, .host, .refreshHost, .examineHost, .survey, .usbDevice, .device, .deviceByShortName,
            .prepareDevices,
            .releaseDevices,
            .makePassthrough, .group, .createPool, .previewRules, .pool, .editPool, .deletePool, .createVM, .vm,
            .deleteVM, .attach, .detach, .startVM, .stopVM, .restartVM, .definition, .consoleLog, .console,
            .consoleInput, .consoleClose, .plan, .undoPlan, .agentReport, .agentDomains, .agentUnreadable,
            .agentProgress,
            .agentAnswer, .agentFailure, .applyPolicy, .profile, .deleteProfile, .editHost, .explainVM, .createClaim,
            .explainDraft,
            .claim, .releaseClaim, .renewClaim, .explainClaim, .whatIf, .returnDevices, .removeHost, .acceptHost,
            .confirmOff, .resetVM, .cancelPlan, .retryPlan, .resolvePlan, .agentBegin, .dropStored:
            return []
        }
    }
}

extension API {
    /// Devices by name: `atlas/0000:41:00.0`, or a short form that is unique.
    package struct DeviceNames: WireRequest, Hashable {
        package var devices: [String]
        package static var fieldNames: [String] { ["devices"] }
        package init(devices: [String]) { self.devices = devices }
    }

    /// A key of the store: `claims/c-1`.
    package struct StoredKey: WireRequest, Hashable {
        package var key: String
        package static var fieldNames: [String] { ["key"] }
        package init(key: String) { self.key = key }
    }
}
