import PatchbayAPI
import PatchbayCore

extension PatchbayClient {
    package func vms() async throws(Problem) -> [API.VM] { try await list(Endpoint(.vms)) }
    package func vm(_ name: String) async throws(Problem) -> API.VM { try await value(Endpoint(.vm, name)) }
    package func createVM(_ draft: API.VMDraft, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.createVM, dryRun: dryRun), body: try Payload(draft))
    }
    package func deleteVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.deleteVM, name, dryRun: dryRun))
    }
    package func attach(
        _ request: API.AttachRequest, to vm: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.attach, vm, dryRun: dryRun), body: try Payload(request))
    }
    package func detach(
        _ request: API.DetachRequest, from vm: String, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.detach, vm, dryRun: dryRun), body: try Payload(request))
    }
    package func startVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.startVM, name, dryRun: dryRun))
    }
    package func resetVM(_ name: String, dryRun: Bool) async throws(Problem) -> API.Change {
        try await value(Endpoint(.resetVM, name, dryRun: dryRun))
    }
    package func confirmOff(
        _ name: String, _ statement: API.Statement, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.confirmOff, name, dryRun: dryRun), body: try Payload(statement))
    }
    package func stopVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.stopVM, name, dryRun: dryRun), body: try Payload(request))
    }
    package func restartVM(
        _ name: String, _ request: API.PowerRequest, dryRun: Bool
    ) async throws(Problem) -> API.Change {
        try await value(Endpoint(.restartVM, name, dryRun: dryRun), body: try Payload(request))
    }
    package func vmDefinition(_ name: String) async throws(Problem) -> String {
        String(decoding: try await bytes(Endpoint(.definition, name)), as: UTF8.self)
    }
}
