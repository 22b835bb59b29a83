import HTTPTypes
import Hummingbird
import PatchbayAPI
import PatchbayCore

extension RESTDoor {
    func vms(_ call: RouteCall) async throws -> Response {
        let name = call.parameter(0)
        switch call.route {
        case .vms: return try Page(try await control.vms(), call, key: \.name).response
        case .vm:
            let vm = try await control.vm(name)
            return try Response.json(vm).tagged(vm.revision)
        case .explainVM: return try .json(try await control.explainVM(name))
        case .createVM:
            let draft = try await call.body(API.VMDraft.self)
            return try .json(try await control.createVM(draft, dryRun: try call.dryRun))
        default:
            return try await expecting(call, StateKey.vm(name)) {
                try .json(try await change(name, call, dryRun: try call.dryRun))
            }
        }
    }

    private func change(_ name: String, _ call: RouteCall, dryRun: Bool) async throws -> API.Change {
        switch call.route {
        case .deleteVM: return try await control.deleteVM(name, dryRun: dryRun)
        case .attach:
            return try await control.attach(try await call.body(API.AttachRequest.self), to: name, dryRun: dryRun)
        case .detach:
            return try await control.detach(try await call.body(API.DetachRequest.self), from: name, dryRun: dryRun)
        case .startVM: return try await control.startVM(name, dryRun: dryRun)
        case .resetVM: return try await control.resetVM(name, dryRun: dryRun)
        case .confirmOff:
            let statement = try await call.body(API.Statement.self)
            return try await control.confirmOff(name, statement, dryRun: dryRun)
        case .stopVM:
            let power = try await call.body(API.PowerRequest.self, default: API.PowerRequest())
            return try await control.stopVM(name, power, dryRun: dryRun)
        case .restartVM:
            let power = try await call.body(API.PowerRequest.self, default: API.PowerRequest())
            return try await control.restartVM(name, power, dryRun: dryRun)
        default: throw Problem.notServed(call.route)
        }
    }

    func plans(_ call: RouteCall) async throws -> Response {
        switch call.route {
        case .plans: try Page(try await control.plans(host: call["host"]), call, key: \.id).response
        case .plan: try .json(try await control.plan(call.parameter(0)))
        case .undoPlan: try .json(try await control.undoPlan(call.parameter(0), dryRun: try call.dryRun))
        case .cancelPlan: try .json(try await control.cancelPlan(call.parameter(0), dryRun: try call.dryRun))
        case .retryPlan: try .json(try await control.retryPlan(call.parameter(0), dryRun: try call.dryRun))
        case .resolvePlan:
            try .json(
                try await control.resolvePlan(
                    call.parameter(0), try await call.body(API.Statement.self), dryRun: try call.dryRun))
        default: throw Problem.notServed(call.route)
        }
    }
}
