import PatchbayAPI
import PatchbayClient
import PatchbayCore
import PatchbayTesting
import Testing

/// A client that claims, reads and releases over HTTP at random, and asks again in the same words what it was not told.
struct ServerClaimClient: Sendable {
    private enum Question: Sendable {
        case claim(API.ClaimDraft)
        case release(String)
        case look
    }

    private struct Held: Sendable {
        var draft: API.ClaimDraft
        var claim: API.Claim
    }

    let number: Int
    private let server: PatchbayClient
    private let book: ClaimBook
    private var dice: SeededGenerator
    private var made = 0
    private var held: [Held] = []
    /// In the queue, with the operation that ends when it is served.
    private var waiting: (draft: API.ClaimDraft, operation: Int)?
    /// Asked when the server died.
    private var doubt: Question?

    init(_ number: Int, seed: UInt64, _ server: PatchbayClient, _ book: ClaimBook) {
        self.number = number
        self.server = server
        self.book = book
        dice = SeededGenerator(seed: seed &+ UInt64(number) &* 0x51_7c_c1_b7)
    }

    /// Asks until the server is gone.
    mutating func work(_ didAnswer: () -> Void) async throws(Problem) {
        do throws(Problem) {
            while true {
                try await step()
                didAnswer()
            }
        } catch {
            guard error.isSilence else { throw error }
        }
    }

    /// Has everything answered that was asked, and what waits served.
    mutating func settle() async throws(Problem) {
        while let question = doubt { try await ask(question) }
        try await leaveQueue()
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while waiting != nil {
            guard clock.now < deadline else { throw Problem(.timedOut, "Client \(number)'s claim is never served.") }
            try await seeWhetherServed()
        }
        try await leaveQueue()
    }

    /// Gives others what they wait for.
    private mutating func leaveQueue() async throws(Problem) {
        for mine in held where mine.draft.waits == true { try await ask(.release(mine.claim.id)) }
    }

    private mutating func step() async throws(Problem) {
        if let doubt { return try await ask(doubt) }
        if dice.chance(6) { return try await ask(.look) }
        if waiting != nil, dice.chance(40) { return try await seeWhetherServed() }
        if let mine = held.randomElement(using: &dice) {
            if dice.chance(45) { return try await ask(.release(mine.claim.id)) }
            if dice.chance(10) { return try await ask(.claim(mine.draft)) }
            if dice.chance(10) { return try await read(mine) }
        }
        try await ask(.claim(newDraft()))
    }

    private mutating func newDraft() -> API.ClaimDraft {
        made += 1
        let count = Int.random(in: 1...2, using: &dice)
        var requests = [API.RequestDraft(pool: "open", count: count)]
        let waits = waiting == nil && dice.chance(25)
        if waits {
            requests = [API.RequestDraft(pool: "queue", count: Int.random(in: 1...3, using: &dice))]
        } else if dice.chance(55), let host = KilledFleet.open.randomElement(using: &dice) {
            let names = KilledFleet.names(host).shuffled(using: &dice).prefix(count)
            requests = names.map { API.RequestDraft(device: $0) }
        }
        let id = "c\(number)-\(made)"
        return API.ClaimDraft(
            id: id, owner: API.ClaimOwner(kind: .system, name: "job-\(id)"), requests: requests, waits: waits)
    }

    private mutating func ask(_ question: Question) async throws(Problem) {
        doubt = question
        switch question {
        case .claim(let draft): try await claim(draft)
        case .release(let id): try await release(id)
        case .look:
            // Nobody misses a look that was not answered.
            doubt = nil
            let operation = await book.begin(number, .look)
            let claims = try await answer(operation) { () async throws(Problem) in
                try await server.claims(API.ClaimQuery())
            }
            await book.saw(operation, claims.map(ToldClaims.Shown.init))
        }
        doubt = nil
    }

    private mutating func claim(_ draft: API.ClaimDraft) async throws(Problem) {
        guard draft.waits != true else { return try await join(draft) }
        let id = draft.id ?? ""
        let operation = await book.begin(number, .claim(id, devices: draft.requests.compactMap(\.device)))
        do throws(Problem) {
            let claim = try await answer(operation) { () async throws(Problem) in try await made(draft) }
            await keep(draft, claim, operation)
        } catch {
            guard error.code == .noFit || error.code == .deviceTaken else { throw error }
            #expect(!held.contains { $0.claim.id == id }, "\(id) was granted before")
            await book.ended(operation, id, .refused)
        }
    }

    /// With a claim that waits where it is not served at once.
    private mutating func join(_ draft: API.ClaimDraft) async throws(Problem) {
        let id = draft.id ?? ""
        if let mine = held.first(where: { $0.claim.id == id }) {
            let operation = await book.begin(number, .claim(id, devices: mine.claim.devices.map(\.device)))
            let claim = try await answer(operation) { () async throws(Problem) in try await made(draft) }
            return await keep(draft, claim, operation)
        }
        if waiting == nil { waiting = (draft, await book.begin(number, .claim(id, devices: []))) }
        try await take(try await made(draft))
    }

    private func made(_ draft: API.ClaimDraft) async throws(Problem) -> API.Claim {
        guard let claim = try await server.createClaim(draft, dryRun: false).claim else {
            throw Problem(.failed, "The answer to a claim shows none.")
        }
        return claim
    }

    private mutating func seeWhetherServed() async throws(Problem) {
        guard let id = waiting?.draft.id else { return }
        try await take(try await server.claim(id))
    }

    /// What the server says of the claim that waits.
    private mutating func take(_ claim: API.Claim) async throws(Problem) {
        guard let (draft, operation) = waiting else { return }
        guard claim.phase != .pending else { return await book.queued(claim.id) }
        waiting = nil
        await keep(draft, claim, operation)
    }

    private mutating func keep(_ draft: API.ClaimDraft, _ claim: API.Claim, _ operation: Int) async {
        if let known = held.first(where: { $0.claim.id == claim.id }) {
            expect(claim, like: known.claim)
        } else {
            held.append(Held(draft: draft, claim: claim))
        }
        await book.granted(operation, claim)
    }

    private func read(_ mine: Held) async throws(Problem) {
        expect(try await server.claim(mine.claim.id), like: mine.claim)
    }

    /// The same claim, not another one of that name.
    private func expect(_ claim: API.Claim, like known: API.Claim) {
        #expect(claim.phase == .allocated)
        #expect(claim.devices == known.devices)
        #expect(claim.createdAt == known.createdAt)
        #expect(claim.revision == known.revision)
    }

    private mutating func release(_ id: String) async throws(Problem) {
        let operation = await book.begin(number, .release(id))
        var outcome = ClaimHistory.Outcome.done
        do throws(Problem) {
            _ = try await answer(operation) { () async throws(Problem) in
                try await server.releaseClaim(id, dryRun: false)
            }
        } catch {
            // Asked before, and nobody was told.
            guard error.code == .unknownClaim else { throw error }
            outcome = .refused
        }
        held.removeAll { $0.claim.id == id }
        await book.ended(operation, id, outcome)
    }

    /// Notes it when there is no answer.
    private func answer<Value>(
        _ operation: Int, _ ask: () async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        do throws(Problem) { return try await ask() } catch {
            if error.isSilence { await book.silence(operation) }
            throw error
        }
    }
}
