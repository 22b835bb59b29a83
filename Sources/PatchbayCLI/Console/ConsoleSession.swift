import PatchbayAPI
import PatchbayCore

/// A person at a guest's serial console, until either side ends it.
struct ConsoleSession {
    let console: API.Console
    let out: Output

    func run() async throws {
        let keyboard: Keyboard
        do {
            keyboard = try Surroundings.current.keyboard()
        } catch {
            await console.close()
            throw error
        }
        let ending = await bothWays(keyboard)
        keyboard.restore()
        await console.close()
        out.talk("")
        try ending.get()
    }

    /// Whatever ends first ends the other.
    private func bothWays(_ keyboard: Keyboard) async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>.self) { group in
            group.addTask { await Self.result { try await self.printGuest() } }
            group.addTask { await Self.result { try await self.sendKeys(keyboard) } }
            let first = await group.next() ?? .success(())
            group.cancelAll()
            return first
        }
    }

    private static func result(_ work: () async throws -> Void) async -> Result<Void, any Error> {
        do { return .success(try await work()) } catch { return .failure(error) }
    }

    private func printGuest() async throws {
        for try await bytes in console.output { out.write(bytes: bytes) }
    }

    /// Until ctrl-]. A pipe that is over leaves the console open for what the guest still prints.
    private func sendKeys(_ keyboard: Keyboard) async throws {
        for await bytes in keyboard.keys {
            let typed = bytes.prefix { $0 != Keyboard.leave }
            if !typed.isEmpty { try await console.send(Array(typed)) }
            if typed.count < bytes.count { return }
        }
        try await Surroundings.current.untilCancelled()
    }
}

extension Surroundings {
    /// Waits for the task to be cancelled.
    func untilCancelled() async throws {
        while !Task.isCancelled { try await pause(.seconds(3600)) }
    }
}
