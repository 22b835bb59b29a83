import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension PageMaker {
    func attach(_ visit: Visit, _ fields: FormFields, vm: String) async throws(Problem) -> FormAnswer {
        do throws(Problem) {
            return .change(try await attachment(to: vm, fields, now: visit.now))
        } catch {
            return .page(try await vmPage(vm, now: visit.now, typed: fields, problem: error))
        }
    }

    /// `what` is `pool:NAME` or `device:ID`.
    func attachment(to vm: String, _ fields: FormFields, now: Int? = nil) async throws(Problem) -> Mutation {
        let what = try fields.required("what", "The pool or device")
        let count = try fields.number("count", "The count", in: 1...256) ?? 1
        let request: API.AttachRequest
        let target: String
        let kind: DeviceKind
        if what.hasPrefix("pool:") {
            target = String(what.dropFirst(5))
            request = API.AttachRequest(pool: target, count: count, name: fields["name"])
            kind = try await service.pool(target).kind
        } else if what.hasPrefix("device:") {
            target = String(what.dropFirst(7))
            request = API.AttachRequest(device: target, name: fields["name"])
            kind = try await service.device(target).kind
        } else {
            throw Problem(
                .malformedInput, "\"\(what)\" is neither a pool nor a device.", next: ["Choose one from the list."])
        }
        let service = service
        let maker = self
        let form: (@Sendable (Problem) async throws(Problem) -> Page)?
        if let now {
            form = { problem async throws(Problem) in
                try await maker.vmPage(vm, now: now, typed: fields, problem: problem)
            }
        } else {
            form = nil
        }
        return Mutation(
            title: "Attach \(request.pool.map { "\(count) × \($0)" } ?? target) to \(vm)", back: Link.vm(vm),
            done: Link.vm(vm), command: ShellLine(request, to: vm).text,
            cautions: kind.caution(for: vm).map { [$0] } ?? [],
            remarks: Self.whenAttached(try await service.vm(vm), kind),
            hint: "The guest may need a driver; which one depends on the device's model and the guest's system.",
            verb: "Attach",
            run: { dryRun async throws(Problem) in try await service.attach(request, to: vm, dryRun: dryRun) },
            form: form)
    }

    /// When the guest gets what it is given.
    private static func whenAttached(_ vm: API.VM, _ kind: DeviceKind) -> @Sendable (API.Change) -> [String] {
        guard vm.getsAtOnce(kind) else { return { _ in [] } }
        return { change in
            change.plans.contains { !$0.steps.isEmpty }
                ? ["\(vm.name) is running and gets it at once (hot-plug); no restart is needed."]
                : ["\(vm.name) is running, but no device can be hot-plugged now: it gets it at its next start."]
        }
    }

    func detach(_ visit: Visit, _ fields: FormFields, vm: String) async throws(Problem) -> FormAnswer {
        .change(try detachment(from: vm, fields))
    }

    /// `request` names a line of the VM's wishes; `device` one of its devices, whichever line it came by.
    func detachment(from vm: String, _ fields: FormFields) throws(Problem) -> Mutation {
        let request: API.DetachRequest
        let what: String
        if let name = fields["request"] {
            (request, what) = (API.DetachRequest(request: name), name)
        } else {
            let device = try fields.required("device", "The device")
            (request, what) = (API.DetachRequest(device: device), DeviceName(device).short)
        }
        let service = service
        return Mutation(
            title: "Detach \(what) from \(vm)", back: Link.vm(vm), done: Link.vm(vm),
            command: ShellLine(request, from: vm).text,
            remarks: { change in
                change.plans.contains { !$0.steps.isEmpty }
                    ? [
                        "\(vm) is running and loses it at once, as if it were unplugged: eject it in the guest first."
                    ] : []
            },
            verb: "Detach",
            run: { dryRun async throws(Problem) in try await service.detach(request, from: vm, dryRun: dryRun) })
    }

    func power(_ visit: Visit, _ fields: FormFields, vm: String, _ verb: PowerVerb) async throws(Problem) -> FormAnswer
    {
        let isForced = fields["force"] != nil
        let losesData = isForced || verb == .reset
        let seconds = try fields.number("timeoutSeconds", "The time to power off", in: 0...3600)
        let request = API.PowerRequest(force: isForced ? true : nil, timeoutSeconds: seconds)
        let service = service
        return .change(
            Mutation(
                title: isForced && verb == .stop
                    ? "Power off \(vm) now"
                    : "\(verb.title) \(vm)\(isForced ? " now" : "")",
                back: Link.vm(vm), done: verb == .delete ? "/vms" : Link.vm(vm),
                command: ShellLine(verb.rawValue, vm, verb.stops ? request : API.PowerRequest()).text,
                cautions: losesData ? ["The guest is powered off at once; unsaved data is lost."] : [],
                losesData: losesData, verb: isForced && verb == .stop ? "End now" : verb.title,
                isDeletion: losesData || verb == .delete,
                run: { dryRun async throws(Problem) in
                    switch verb {
                    case .start: try await service.startVM(vm, dryRun: dryRun)
                    case .stop: try await service.stopVM(vm, request, dryRun: dryRun)
                    case .reset: try await service.resetVM(vm, dryRun: dryRun)
                    case .restart: try await service.restartVM(vm, request, dryRun: dryRun)
                    case .delete: try await service.deleteVM(vm, dryRun: dryRun)
                    }
                }))
    }
}

/// What can be done to a VM as a whole. The raw value is the address and the command's verb.
enum PowerVerb: String, Sendable, CaseIterable {
    case start, stop, restart, reset, delete

    /// How the guest is told to stop matters to it.
    var stops: Bool {
        switch self {
        case .stop, .restart: true
        case .start, .reset, .delete: false
        }
    }

    var title: String {
        switch self {
        case .start: "Start"
        case .stop: "Stop"
        case .restart: "Restart"
        case .reset: "Reset"
        case .delete: "Delete"
        }
    }
}
