// The two doors a story can be played through.
#pragma once
#include "commands/sequencer.h"
#include "server/client.h"
#include "tools/demo_player.h"

namespace tools::demo {

// Straight to the bench, in this process: how a ledger is opened before anybody can sign in, and how tests play.
class BenchDoor : public Door {
  public:
    BenchDoor(const ledger::Ledger& ledger, commands::Sequencer& sequencer) : ledger_(ledger), sequencer_(sequencer) {}
    schema::Result<Answer> hand_in(const std::vector<Handed>& handed) override;

  private:
    const ledger::Ledger& ledger_;
    commands::Sequencer& sequencer_;
};

// The service's own: POST /v1/events in bulk, with a session, like everybody else.
class ServiceDoor : public Door {
  public:
    explicit ServiceDoor(server::Client client) : client_(std::move(client)) {}
    schema::Result<Answer> hand_in(const std::vector<Handed>& handed) override;

  private:
    server::Client client_;
};

}  // namespace tools::demo
