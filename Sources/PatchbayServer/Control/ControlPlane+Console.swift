import PatchbayAPI
import PatchbayCore

extension ControlPlane {
    package func vmDefinition(_ name: String) async throws(Problem) -> String {
        String(decoding: try await ask(.definition(vm: name), about: name), as: UTF8.self)
    }

    package func consoleLog(_ name: String) async throws(Problem) -> [UInt8] {
        try await ask(.consoleLog(vm: name), about: name)
    }

    private static let patience = 20

    private func ask(_ question: AgentProtocol.Question, about name: String) async throws(Problem) -> [UInt8] {
        let host = try await reachableHost(of: name)
        guard let answer = try await agents.ask(question, id: newID(), of: host, within: .seconds(Self.patience)) else {
            throw Problem(
                .timedOut, "The agent of \"\(host)\" did not answer within \(Self.patience) s.",
                next: [NextStep("See its state", .showHost(host))])
        }
        return answer
    }

    private func reachableHost(of vm: String) async throws(Problem) -> String {
        let host = try await view.fleet().vm(vm).host
        guard await agents.contact(of: host).isConnected else { throw .agentUnreachable(host) }
        return host
    }

    package func openConsole(_ name: String) async throws(Problem) -> API.Console {
        let session = try await openConsoleSession(name)
        return API.Console(
            output: session.output,
            send: { bytes throws(Problem) in try await sendConsole(bytes, session: session.id, vm: name) },
            close: { await agents.closeConsole(session.id) })
    }

    /// For a door that keeps output and input apart.
    package func openConsoleSession(
        _ name: String
    ) async throws(Problem) -> (id: String, output: AsyncThrowingStream<[UInt8], any Error>) {
        let host = try await reachableHost(of: name)
        let fleet = try await view.fleet()
        guard fleet.domain(of: try fleet.vm(name))?.state.isOn == true else {
            throw Problem(
                .wrongState, "\"\(name)\" is off, so it has no console.",
                next: [
                    NextStep("Start it", .startVM(name)), NextStep("Or read its last output", .readConsole(name)),
                ])
        }
        let id = newID()
        return (id, await agents.openConsole(id, vm: name, host: host))
    }

    package func sendConsole(_ bytes: [UInt8], session: String, vm: String) async throws(Problem) {
        guard let line = await agents.console(session), line.vm == vm else {
            throw Problem(
                .wrongState, "The console of \"\(vm)\" is closed.", next: [NextStep("Open it again", .openConsole(vm))])
        }
        await agents.post(.consoleInput(session: session, bytes), to: line.host)
    }

    package func closeConsole(session: String, vm: String) async {
        guard await agents.console(session)?.vm == vm else { return }
        await agents.closeConsole(session)
    }
}
