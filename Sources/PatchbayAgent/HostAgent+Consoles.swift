import Logging
import PatchbayAPI
import PatchbayCore
import PatchbayHost

extension HostAgent {
    /// Opened before anything else is taken from the batch: what is typed next finds it there. A console that cannot be
    /// opened says why to whoever looks at it, and ends.
    func openConsole(_ session: String, of vm: String, in group: inout DiscardingTaskGroup) async {
        guard consoles[session] == nil else { return }
        do throws(Problem) {
            let console = try await hypervisor.openConsole(of: vm)
            consoles[session] = console
            logger.info("console opened", metadata: ["vm": "\(vm)", "session": "\(session)"])
            group.addTask { await self.carry(console, session) }
        } catch {
            let sentence = Array("\(error.detail)\r\n".utf8)
            group.addTask { _ = await self.send(sentence, session, isEnd: true) }
        }
    }

    func typeIntoConsole(_ session: String, _ bytes: [UInt8]) async {
        do throws(Problem) {
            try await consoles[session]?.send(bytes)
        } catch {
            logger.warning("console takes no input", metadata: ["session": "\(session)", "problem": "\(error.detail)"])
        }
    }

    func closeConsoles() async {
        for console in consoles.values { await console.close() }
        consoles = [:]
    }

    private func carry(_ console: any ConsoleChannel, _ session: String) async {
        for await bytes in console.output {
            guard await send(bytes, session, isEnd: false) else { break }
        }
        await console.close()
        consoles[session] = nil
        _ = await send([], session, isEnd: true)
        logger.info("console closed", metadata: ["session": "\(session)"])
    }

    /// False when the server would not take it, in a few tries: the one who looked is gone.
    private func send(_ bytes: [UInt8], _ session: String, isEnd: Bool) async -> Bool {
        var backoff = timing.retry
        for _ in 1...4 {
            do throws(Problem) {
                try await link.consoleOutput(bytes, session: session, isEnd: isEnd, host: host)
                return true
            } catch {
                if Task.isCancelled || error.code.category == .notFound { return false }
                await pause(&backoff)
            }
        }
        return false
    }
}
